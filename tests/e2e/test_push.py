"""Notices in the browser: switched on, shown by the service worker, switched off, or impossible.

A browser without a screen reaches no push service and shows no notifications. The push service is
the sandbox, which takes what the portal sends; what a browser would make of that goes to the real
service worker, whose last call, to show it, is noted.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend.demo.personas import HEDWIG, PAUL
from tests.e2e.browsing import PHONE, settle, wait_for_shell
from tests.e2e.letters import drop_letter
from tests.e2e.pages import section
from tests.e2e.sandbox import wait_for
from tests.pushing import FakeBrowser, in_base64url

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

SETTINGS = "/profil/einstellungen"
TITLE = "Mitteilungen auf diesem Gerät"
SUBJECT = "Ihre Police 0815"
NOTE_CALLS = """() => {
  self.shown = [];
  self.opened = [];
  self.registration.showNotification = async (title, options) => {
    self.shown.push({ title, body: options.body, tag: options.tag, data: options.data });
  };
  self.clients.openWindow = async (path) => { self.opened.push(path); };
}"""
PRESS = """async () => {
  let closed = 0;
  const [{ data }] = self.shown;
  const press = new ExtendableEvent("notificationclick");
  press.notification = { data, close: () => { closed += 1; } };
  const done = new Promise((resolve) => { press.waitUntil = resolve; });
  self.dispatchEvent(press);
  await done;
  return { opened: self.opened, closed };
}"""


def _push_service(browser: FakeBrowser) -> str:
    """Return a script that plays the browser's part of subscribing; it lasts as long as the tab."""
    keys = {"p256dh": in_base64url(browser.point), "auth": in_base64url(browser.auth)}
    told = json.dumps({"endpoint": browser.endpoint, "keys": keys})
    return f"""(() => {{
      Object.defineProperty(Notification, "permission", {{ get: () => "granted" }});
      Notification.requestPermission = async () => "granted";
      let asked = null;
      const subscription = () => ({{
        options: {{ applicationServerKey: asked }},
        toJSON: () => ({told}),
        unsubscribe: async () => {{ sessionStorage.removeItem("subscribed"); return true; }},
      }});
      PushManager.prototype.getSubscription = async () =>
        sessionStorage.getItem("subscribed") ? subscription() : null;
      PushManager.prototype.subscribe = async (options) => {{
        if (new Uint8Array(options.applicationServerKey).length !== 65) throw new Error("no key");
        asked = options.applicationServerKey;
        sessionStorage.setItem("subscribed", "yes");
        return subscription();
      }};
    }})();"""


def _deliver(page: Page, sandbox: Sandbox, message: str) -> None:
    """Hand a decrypted message to the service worker, as the browser does."""
    devtools = page.context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    for _ in range(100):
        page.wait_for_timeout(0 if registrations else 100)
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": sandbox.url, "registrationId": registrations[-1], "data": message},
    )


def test_X3_F25_a_device_shows_that_there_is_news_and_nothing_else(
    visit: Visits, sandbox: Sandbox
) -> None:
    browser = FakeBrowser(f"{sandbox.url}/sandbox/push/hedwigs-browser")
    page = visit(path="/hilfe", token=sandbox.sign_in(HEDWIG), service_workers="allow")
    wait_for_shell(page)
    page.add_init_script(_push_service(browser))
    page.goto(sandbox.url + SETTINGS)
    settle(page)
    here = section(page, TITLE)
    expect(here).to_contain_text("Auf diesem Gerät ausgeschaltet")
    here.get_by_role("button", name="Mitteilungen einschalten").click()
    expect(here).to_contain_text("Ab jetzt zeigt dieses Gerät an")
    expect(here).to_contain_text("Auf diesem Gerät eingeschaltet")

    drop_letter(sandbox, HEDWIG, SUBJECT)
    taken = sandbox.message_after(0, "PUSH", "hedwigs-browser")
    message = browser.read(base64.b64decode(taken["text"])).decode()
    assert json.loads(message) == {
        "title": "Neue Nachricht in Ihrem Postfach",
        "text": "Kundenportal Musterland",
        "page": "postbox",
    }
    (worker,) = page.context.service_workers
    worker.evaluate(NOTE_CALLS)
    _deliver(page, sandbox, message)
    shown = wait_for(
        lambda: worker.evaluate("self.shown") or None, "a notice", timedelta(seconds=20)
    )
    assert shown == [
        {
            "title": "Neue Nachricht in Ihrem Postfach",
            "body": "Kundenportal Musterland",
            "tag": "postbox",
            "data": "/postfach",
        }
    ]
    assert worker.evaluate(PRESS) == {"opened": ["/postfach"], "closed": 1}

    page.reload()
    settle(page)
    expect(here).to_contain_text("Auf diesem Gerät eingeschaltet")
    here.get_by_role("button", name="Mitteilungen ausschalten").click()
    expect(here).to_contain_text("Auf diesem Gerät erscheint nichts mehr")
    expect(here).to_contain_text("Auf diesem Gerät ausgeschaltet")
    assert page.evaluate("sessionStorage.getItem('subscribed')") is None


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });",
            "Your browser blocks our notifications",
        ),
        ("delete window.PushManager;", "This browser shows no notifications"),
        (
            """delete window.PushManager;
            Object.defineProperty(navigator, 'userAgent', { get: () => 'iPhone' });""",
            "Install the app first",
        ),
    ],
)
def test_X3_what_a_browser_cannot_do_is_told_with_a_way_out(
    visit: Visits, sandbox: Sandbox, script: str, told: str
) -> None:
    page = visit(PAUL, "/hilfe", language="en", size=PHONE)
    page.add_init_script(script)
    page.goto(sandbox.url + SETTINGS)
    settle(page)
    here = section(page, "Notifications on this device")
    expect(here).to_contain_text(told)
    expect(here.get_by_role("button")).to_have_count(0)
