"""Browsers are told apart in a few words, and programs are told from people."""

import pytest

from server.analytics.clients import Client, client_of, is_bot
from tests.unit.server.analytics.conftest import CHROME, FIREFOX, IPHONE

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.parametrize(
    ("agent", "device", "browser", "system"),
    [
        (CHROME, "desktop", "Chrome", "Linux"),
        (FIREFOX, "desktop", "Firefox", "Windows"),
        (IPHONE, "mobile", "Safari", "iOS"),
        (IPHONE.replace("iPhone", "iPad"), "tablet", "Safari", "iOS"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Mobile Safari/537.36", "mobile", "Chrome", "Android"),
        (f"Mozilla/5.0 (Linux; Android 15; CUBOT X30) {WEBKIT} Mobile Safari/537.36", "mobile", "Chrome",
         "Android"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Safari/537.36", "tablet", "Chrome", "Android"),
        (f"Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 {WEBKIT} Mobile Safari/537.36", "mobile",
         "Samsung Internet", "Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Safari/537.36 Edg/141.0", "desktop", "Edge",
         "Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Safari/537.36 OPR/120.0", "desktop",
         "Opera", "macOS"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 16000.0.0) {WEBKIT} Safari/537.36", "desktop", "Chrome", "ChromeOS"),
        (f"Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) {WEBKIT} Safari/537.36", "tv", "Chrome", "Linux"),
        ("Something/1.0", "other", "other", "other"),
    ],
)  # fmt: skip
def test_a_browser_is_one_of_few(agent: str, device: str, browser: str, system: str) -> None:
    assert client_of(agent) == Client(device, browser, system)
    assert not is_bot(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "  ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT.replace('Chrome', 'HeadlessChrome')} Safari/537.36",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "UptimeRobot/2.0",
        "curl/8.5.0",
        "python-httpx/0.28.1",
        "Go-http-client/2.0",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        f"{CHROME} Chrome-Lighthouse",
    ],
)
def test_programs_are_no_viewers(agent: str) -> None:
    assert is_bot(agent)
