# docker build -t voice . && docker run -p 127.0.0.1:7860:7860 -v voice-models:/models -v voice-data:/data voice
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /venv
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY voice voice
COPY pipelines pipelines
RUN /venv/bin/python -m pip install --no-cache-dir -c constraints.txt '.[embedded,serve]'

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home voice && install --directory --owner=voice --group=voice /models /data
COPY --from=build /venv /venv
COPY scripts/container.sh /usr/local/bin/container.sh
ENV PATH=/venv/bin:$PATH XDG_CACHE_HOME=/models XDG_DATA_HOME=/data PYTHONUNBUFFERED=1
USER voice
WORKDIR /data
VOLUME ["/models", "/data"]
EXPOSE 7860
HEALTHCHECK --start-period=15m --interval=15s --timeout=5s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["container.sh"]
CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]
