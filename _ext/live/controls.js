/**
 * The plain widgets that stand beside explorers on a page: boxes, tabs, and the controls of a linked parameter.
 * Each view is `(model, show, onCleanUp) => element`, where `show(reference)` gives the element of a child, and
 * `onCleanUp`, if it is given, takes the function that ends the view.
 */
(() => {
  "use strict";
  let count = 0;

  function h(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  const box = (kind) => (model, show) => h("div", { class: `live-${kind}` }, ...model.get("children").map(show));

  function tabs(model, show) {
    const children = model.get("children");
    const titles = model.get("titles") ?? [];
    const id = `live-tabs-${(count += 1)}`;
    const panels = children.map((child, i) =>
      h("div", { role: "tabpanel", id: `${id}-${i}`, "aria-labelledby": `${id}-tab-${i}`, tabindex: "0" }, show(child)),
    );
    const buttons = children.map((_, i) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `${id}-tab-${i}`,
          "aria-controls": `${id}-${i}`,
          onclick: () => select(i),
          onkeydown: move,
        },
        titles[i] || `${i + 1}`,
      ),
    );
    function select(chosen, focus = false) {
      model.set("selected_index", chosen);
      buttons.forEach((button, i) => {
        button.setAttribute("aria-selected", String(i === chosen));
        button.tabIndex = i === chosen ? 0 : -1;
        panels[i].hidden = i !== chosen;
      });
      if (focus) buttons[chosen].focus();
    }
    function move(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      select((buttons.indexOf(event.target) + step + buttons.length) % buttons.length, true);
    }
    select(model.get("selected_index") ?? 0);
    return h("div", { class: "live-tabs" }, h("div", { role: "tablist" }, ...buttons), ...panels);
  }

  function labelled(model, input, ...after) {
    const id = (input.id = `live-control-${(count += 1)}`);
    return h(
      "div",
      { class: "live-control" },
      h("label", { for: id }, model.get("description") || "value"),
      input,
      ...after,
    );
  }

  /** Bring a view up to date, now and after every change. */
  function follow(model, name, update, onCleanUp) {
    model.on(`change:${name}`, update);
    onCleanUp?.(() => model.off(`change:${name}`, update));
    update();
  }

  function number(model, _, onCleanUp) {
    const value = h("output");
    const input = h("input", {
      type: "range",
      min: model.get("min"),
      max: model.get("max"),
      step: model.get("step") ?? 1,
      disabled: model.get("disabled"),
      oninput: () => model.set("value", Number(input.value)),
    });
    const update = () => {
      input.value = model.get("value");
      value.textContent = model.get("value");
    };
    follow(model, "value", update, onCleanUp);
    return labelled(model, input, value);
  }

  function checkbox(model, _, onCleanUp) {
    const input = h("input", {
      type: "checkbox",
      disabled: model.get("disabled"),
      onchange: () => model.set("value", input.checked),
    });
    const update = () => (input.checked = model.get("value"));
    follow(model, "value", update, onCleanUp);
    return labelled(model, input);
  }

  function dropdown(model, _, onCleanUp) {
    const input = h(
      "select",
      { disabled: model.get("disabled"), onchange: () => model.set("index", input.selectedIndex) },
      ...model.get("_options_labels").map((text) => h("option", {}, text)),
    );
    const update = () => (input.selectedIndex = model.get("index"));
    follow(model, "index", update, onCleanUp);
    return labelled(model, input);
  }

  function text(model, _, onCleanUp) {
    const element = h("div", { class: "live-text" });
    const update = () => (element.textContent = model.get("value"));
    follow(model, "value", update, onCleanUp);
    return element;
  }

  cnnlibExplorers.views = {
    HBoxModel: box("row"),
    VBoxModel: box("column"),
    BoxModel: box("row"),
    TabModel: tabs,
    IntSliderModel: number,
    FloatSliderModel: number,
    CheckboxModel: checkbox,
    DropdownModel: dropdown,
    LabelModel: text,
  };
})();
