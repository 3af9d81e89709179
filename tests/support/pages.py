"""What a person does on a page: types, presses, reads."""

import json

from tests.support.browsers import Browser

# React hears of a change only where the browser's own setter made it.
_TYPE = """((field, text) => {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
  field.dispatchEvent(new Event('input', {bubbles: true}));
})"""


def type_into(browser: Browser, selector: str, text: str) -> None:
    """Once the field is there."""
    field = f"document.querySelector({json.dumps(selector)})"
    browser.wait_for(f"!!{field}")
    browser.evaluate(f"void {_TYPE}({field}, {json.dumps(text)})")


def press(browser: Browser, selector: str, words: str = "") -> None:
    """The first that holds these words, once it is there and may be pressed."""
    holds = f"one.textContent.includes({json.dumps(words)}) && !one.disabled"
    found = f"[...document.querySelectorAll({json.dumps(selector)})].find(one => {holds})"
    browser.wait_for(f"!!{found}")
    browser.evaluate(f"void {found}.click()")


def shows(browser: Browser, words: str, *, timeout_s: float = 20.0) -> None:
    """Waits until the page says this."""
    browser.wait_for(f"document.body?.innerText.includes({json.dumps(words)})", timeout_s=timeout_s)


def at(browser: Browser, start: str) -> None:
    """Waits until the address, without its host, begins so."""
    here = "(location.pathname + location.search)"
    browser.wait_for(f"document.readyState === 'complete' && {here}.startsWith({json.dumps(start)})")
