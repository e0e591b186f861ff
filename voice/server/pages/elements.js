// Elements with attributes and listeners. What is put in is text, never markup.

export function h(tag, about, ...inside) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(about ?? {})) {
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") Object.assign(element.style, value);
    else element.setAttribute(key, value);
  }
  element.append(...inside.flat().filter(each => each !== null && each !== undefined && each !== ""));
  return element;
}

// What has not changed stays the same element: a press, the keyboard's focus and selected text outlast a line.
export function update(parent, wanted) {
  wanted.forEach((element, place) => {
    const there = parent.children[place];
    if (!there) parent.append(element);
    else if (!there.isEqualNode(element)) there.replaceWith(element);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}

// Says which part of the address the page can't make use of; "" if there is none.
export function unused(known) {
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!(name in known)) return `This page knows no “${name}” in its address.`;
    if (!known[name].includes(value)) return `This page knows no “${name}=${value}” in its address, only ${known[name].map(each => `“${name}=${each}”`).join(", ")}.`;
  }
  return "";
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
