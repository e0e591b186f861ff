# Everything from a fresh clone. The environment is made in .venv once; a second run downloads nothing.
#   make call ARGS='--out runs/mine'      more options for the command behind a target
#   make test REAL=1                      the slow tests too (so with CI=true)

VENV := .venv
FIXTURES ?= $(HOME)/.cache/voice-cascade/fixtures/all
VOICE := $(VENV)/bin/voice
PIP_INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
EVERY_TEST := $(filter-out 0 false,$(CI) $(REAL))

.NOTPARALLEL:
.PHONY: help call serve bench fixtures test lint models setup dev doctor lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

call: setup models  ## play a recorded caller to the agent, see the call, keep it in runs/
	$(VOICE) call demo $(ARGS)

serve: setup models  ## answer a web page and phone lines
	$(VOICE) serve $(ARGS)

bench: setup models  ## measure the cascade beside stock pipecat, with recorded callers
	$(VOICE) bench --fixtures audio_fixtures $(ARGS)

fixtures: setup models  ## make the whole set of recorded callers (5 to 10 minutes the first time)
	$(VOICE) models pull kokoro
	$(VENV)/bin/python audio_fixtures/build.py --all $(FIXTURES) $(ARGS)

ifneq ($(EVERY_TEST),)
test: dev models  ## run the tests
	$(VENV)/bin/python -m pytest -m "real or not real" $(ARGS)
else
test: dev
	$(VENV)/bin/python -m pytest $(ARGS)
endif

lint: dev  ## style, types and import contracts
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/pyright
	$(VENV)/bin/lint-imports --no-logo

models: setup  ## fetch and verify the embedded models
	$(VOICE) models pull

doctor: setup  ## what is missing on this machine, and the command that fixes it
	$(VOICE) doctor

setup: $(VENV)/.installed  ## make the environment
dev: $(VENV)/.installed-dev  ## make the environment with what tests and checks need

lock: dev  ## pin what is installed now in constraints.txt
	@echo '# The versions that were tested together; `make lock` writes it.' > constraints.txt
	$(VENV)/bin/python -m pip freeze --all --exclude-editable --exclude setuptools | grep == >> constraints.txt

clean:  ## remove the environment and the recorded calls (models stay in the cache)
	rm -rf $(VENV) runs

$(VENV)/bin/python:
	@PYTHON='$(PYTHON)' scripts/make_venv.sh $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing packages into $(VENV); the first time takes a minute or two"
	@$(PIP_INSTALL) -e '.[embedded,serve]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing packages into $(VENV); the first time takes a minute or two"
	@$(PIP_INSTALL) -e '.[embedded,serve,dev]'
	@touch $(VENV)/.installed $@
