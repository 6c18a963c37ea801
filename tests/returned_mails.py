"""Mails as servers send them back: Postfix, Exchange Online and Sendmail, with their habits."""

from __future__ import annotations

TO = "anna@example.org"
DOMAIN = "informatik.musterland.example"


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def postfix(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", domain: str = DOMAIN
) -> bytes:
    """Postfix: the whole mail comes back as message/rfc822."""
    return _crlf(f"""Return-Path: <>
Date: Sat, 21 Nov 2026 12:00:05 +0100 (CET)
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: postfach@{DOMAIN}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4D5C3A1F.1795258805/mx.example.org"
Content-Transfer-Encoding: 8bit
Message-Id: <20261121110005.9A1B2@mx.example.org>

This is a MIME-encapsulated message.

--4D5C3A1F.1795258805/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<{TO}>: host imap.example.org said: 550 5.1.1 User unknown
    (in reply to RCPT TO command)

--4D5C3A1F.1795258805/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4D5C3A1F
X-Postfix-Sender: rfc822; postfach@{DOMAIN}
Arrival-Date: Sat, 21 Nov 2026 12:00:04 +0100 (CET)

Final-Recipient: rfc822; {TO}
Original-Recipient: rfc822;{TO}
Action: {action}
Status: {status}
Remote-MTA: dns; imap.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4D5C3A1F.1795258805/mx.example.org
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

Return-Path: <postfach@{DOMAIN}>
From: Musterland Informatik GmbH <postfach@{DOMAIN}>
To: {TO}
Subject: Neues Dokument in Ihrem Postfach
Date: Sat, 21 Nov 2026 11:00:00 +0000
Message-ID: <{message_id}@{domain}>
Auto-Submitted: auto-generated

Guten Tag,

--4D5C3A1F.1795258805/mx.example.org--
""")


def exchange(message_id: str) -> bytes:
    """Exchange Online: HTML in front, a status with three digits, headers alone, in base64."""
    return _crlf(f"""From: <postmaster@example.onmicrosoft.com>
To: <postfach@{DOMAIN}>
Date: Sat, 21 Nov 2026 11:00:09 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0001"
Content-Language: en-US
Message-ID: <2b8f7c5d-1d43-4a5f-9f52-000000000001@example.onmicrosoft.com>
In-Reply-To: <{message_id}@{DOMAIN}>
References: <{message_id}@{DOMAIN}>
Subject: Undeliverable: Neues Dokument in Ihrem Postfach
Auto-Submitted: auto-replied
MIME-Version: 1.0

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0001
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0002"

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0002
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {TO} couldn't be delivered. Action: delivered

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0002
Content-Type: text/html; charset="us-ascii"

<html><body><p>anna wasn't found at example.org.</p></body></html>

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0002--

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0001
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR0000MB0001.eurprd00.prod.outlook.com
Received-From-MTA: dns;mail.{DOMAIN}
Arrival-Date: Sat, 21 Nov 2026 11:00:07 +0000

Final-Recipient: rfc822;{TO}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
X-Display-Name: anna@example.org

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0001
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: quoted-printable

From: =3D?utf-8?q?Musterland_Informatik_GmbH?=3D <postfach@{DOMAIN}>
To: {TO}
Message-ID: <{message_id}@{DOMAIN}>
Subject: Neues Dokument in Ihrem Postfach

--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0001--
""")


def absence(message_id: str) -> bytes:
    """Somebody is away: no report, though it answers our mail."""
    return _crlf(f"""From: {TO}
To: postfach@{DOMAIN}
Subject: Abwesend: Neues Dokument in Ihrem Postfach
In-Reply-To: <{message_id}@{DOMAIN}>
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

Ich bin bis Montag nicht da. Action: failed, Status: 5.1.1
""")
