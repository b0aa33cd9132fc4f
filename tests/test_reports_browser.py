"""The HTML report in headless Chromium, by its own driver; without these the tests skip and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from ec2codec.captures import Note, Place
from reporting import HOSTILE, MARKUP, TIME, hostile, missed, report, verdict, violation, warning

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

selenium = pytest.importorskip(
    "selenium.webdriver", reason="selenium is absent: pip install 'ec2codec[browser]'"
)
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium or chromedriver is absent: apt-get install chromium-driver"
)
DESK, PHONE = (1280, 900), (390, 844)
# A browser that asks nobody for anything.
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
# A name and a file so long that only breaking them keeps them within a phone.
LONG = "IpPermissions.1." + "UserIdGroupPairs" * 8


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = selenium.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*QUIET, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    calls = [verdict(violation(), place=Place("logs/x.log", number), time=TIME) for number in range(1, 40)]
    calls += [
        verdict(warning(), sent=(("Action", "x"),)),
        missed(),
        hostile(HOSTILE),
        hostile(MARKUP),
        hostile(LONG),
    ]
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(report("html", *calls, notes=(Note(LONG, LONG),)), "utf-8")
    return file.as_uri()


def show(browser: Chrome, address: str, size: tuple[int, int], **media: str) -> None:
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get("about:blank")
    browser.get(address)


def asked(browser: Chrome, script: str) -> Any:
    return browser.execute_script(script)


def choose(browser: Chrome, name: str, value: str) -> int:
    """Set a control of the filter; the number of rows that are seen then."""
    asked(
        browser,
        f"""const control = document.getElementById('filter').elements[{name!r}];
        control.value = {value!r};
        control.dispatchEvent(new Event('input', {{bubbles: true}}));""",
    )
    rows = asked(
        browser,
        """return [...document.querySelectorAll('#findings > tbody > tr')]
            .filter(row => row.offsetHeight > 0).length""",
    )
    assert isinstance(rows, int)
    return rows


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_fault_and_fits(browser: Chrome, page: str, size: tuple[int, int], scheme: str) -> None:
    show(browser, page, size, prefers_color_scheme=scheme)
    asked(browser, "document.querySelectorAll('details').forEach(each => each.open = true)")
    outside = asked(
        browser,
        """return [...document.querySelectorAll('body *')].filter(each => {
            const box = each.getBoundingClientRect();
            return box.right > innerWidth + 1 && box.width > 0;
        }).map(each => each.tagName + '.' + each.getAttribute('class'))""",
    )

    assert [] == outside
    assert asked(
        browser, "return document.documentElement.scrollWidth === document.documentElement.clientWidth"
    )
    assert [] == browser.get_log("browser")  # type: ignore[no-untyped-call]


def test_nothing_but_the_page_is_loaded(browser: Chrome, page: str) -> None:
    show(browser, page, DESK)

    assert [] == asked(browser, "return performance.getEntriesByType('resource').map(each => each.name)")


def test_page_of_hostile_texts_runs_no_script_but_its_own(browser: Chrome, page: str) -> None:
    show(browser, page, DESK)

    assert 1 == asked(browser, "return document.scripts.length")
    assert 0 == asked(browser, "return document.images.length")


def test_policy_forbids_what_is_put_in_afterwards(browser: Chrome, page: str) -> None:
    show(browser, page, DESK)
    asked(
        browser,
        """const script = document.createElement('script');
        script.textContent = 'window.intruded = true';
        document.body.append(script);""",
    )
    messages = [entry["message"] for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]

    assert asked(browser, "return window.intruded") is None
    assert ["Content Security Policy" in message for message in messages] == [True]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_filter_shows_what_is_chosen(browser: Chrome, page: str, size: tuple[int, int]) -> None:
    show(browser, page, size)

    assert 47 == choose(browser, "words", "")
    assert "47 of 47 shown." == asked(browser, "return document.querySelector('#filter output').textContent")
    assert 1 == choose(browser, "words", "X.LOG:17")
    assert "1 of 47 shown." == asked(browser, "return document.querySelector('#filter output').textContent")
    assert 0 == choose(browser, "severity", "warning")
    assert 1 == choose(browser, "words", " ")
    assert 0 == choose(browser, "rule", "E201")
    assert 42 == choose(browser, "severity", "")
    assert 0 == choose(browser, "agreement", "missed")
    assert 4 == choose(browser, "rule", "missed")


def test_details_open_by_keyboard_and_show_the_request(browser: Chrome, page: str) -> None:
    from selenium.webdriver.common.by import By

    show(browser, page, DESK)
    [details] = browser.find_elements(By.CSS_SELECTOR, "#findings tr[data-severity=warning] details")
    summary = details.find_element(By.TAG_NAME, "summary")
    assert not details.find_element(By.TAG_NAME, "table").is_displayed()
    summary.send_keys("\ue007")

    assert details.find_element(By.TAG_NAME, "table").is_displayed()
    assert "3px" == summary.value_of_css_property("outline-width")


def test_parameters_are_a_table_on_a_phone_too(browser: Chrome, page: str) -> None:
    show(browser, page, PHONE)
    asked(browser, "document.querySelectorAll('details').forEach(each => each.open = true)")

    assert ["block", "table-row"] == asked(
        browser,
        """return ['#findings > tbody > tr', '.sent tr']
            .map(each => getComputedStyle(document.querySelector(each)).display)""",
    )


def test_words_of_notes_are_whole_on_a_phone(browser: Chrome, page: str) -> None:
    show(browser, page, PHONE)

    assert 1 == asked(
        browser,
        """const range = document.createRange();
        range.selectNodeContents(document.querySelector('.notes td'));
        return range.getClientRects().length""",
    )


def test_link_to_a_rule_opens_what_is_said_of_it(browser: Chrome, page: str) -> None:
    from selenium.webdriver.common.by import By

    show(browser, page, DESK)
    assert not browser.find_element(By.ID, "rule-E201").is_displayed()
    asked(browser, "document.querySelector('#findings a[href=\"#rule-E201\"]').click()")

    assert browser.find_element(By.ID, "rule-E201").is_displayed()


def test_page_works_without_script(browser: Chrome, page: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    show(browser, page, DESK)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    form = "document.getElementById('filter')"

    assert 0 == asked(browser, f"return {form}.offsetHeight")
    assert 47 == asked(browser, "return document.querySelectorAll('#findings > tbody > tr').length")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_is_told_from_its_ground(browser: Chrome, page: str, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1."""
    show(browser, page, DESK, prefers_color_scheme=scheme)

    assert [] == asked(browser, CONTRAST)


# Ratio of relative luminance of every text and the first ground behind it that is one.
CONTRAST = """
const parse = (text) => (text.match(/[0-9.]+/g) || []).map(Number);
const linear = (c) => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const ground = (each) => {
    const colour = parse(getComputedStyle(each).backgroundColor);
    return colour.length === 3 || !each.parentElement ? colour : ground(each.parentElement);
};
const hasText = (each) => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
document.querySelectorAll('details').forEach(each => each.open = true);
const isSeen = (each) => each.getClientRects().length > 0;
const weak = [...document.querySelectorAll('body *')].filter(hasText).filter(isSeen).map(each => {
    const style = getComputedStyle(each);
    const ink = parse(each.closest('svg') ? style.fill : style.color);
    const [low, high] = [light(ink), light(ground(each))].sort((a, b) => a - b);
    return [`${each.tagName}.${each.getAttribute('class')}`, (high + 0.05) / (low + 0.05)];
}).filter(([_, ratio]) => !(ratio >= 4.5));
return weak;
"""
