"""What each mail service posts, how it signs it, and where our letter is named in it."""

import hmac
import json
from base64 import b64encode
from hashlib import md5, sha1, sha256
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from mailings.pipeline import marks
from mailings.pipeline.provider_events import PROVIDERS
from tests.factories.hooks import SECRET, bounce, number_of, post
from tests.factories.incoming import READER

NOW = timezone.now()
SECONDS = int(NOW.timestamp())
AT = NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
UNKNOWN = "550 5.1.1 User unknown"

SHARED = "a-long-key"
RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
MANDRILL_URL = "https://payom.test/hooks/mandrill/"


def mac(text, kind=sha256):
    return hmac.new(SHARED.encode(), text.encode(), kind)


def in_base64(raw):
    return b64encode(raw).decode()


def public(key):
    return in_base64(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def metadata(row):
    return {"delivery": marks.header(row.pk)}


# Resend signs, too, but Anymail reads that with a library that is not installed.
KEYS = dict.fromkeys(["mailersend", "mailgun", "mailtrap", "mandrill", "unisender_go"], SHARED) | {
    "postal": public(RSA),
    "sendgrid": public(EC),
}
# What comes with a post beside it. Mailgun and Unisender Go sign within.
HEADERS = {
    "amazon_ses": lambda text: {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "5"},
    "mailersend": lambda text: {"Signature": mac(text).hexdigest()},
    "mailtrap": lambda text: {"Mailtrap-Signature": mac(text).hexdigest()},
    "mandrill": lambda text: {
        "X-Mandrill-Signature": in_base64(mac(f"{MANDRILL_URL}mandrill_events{text}", sha1).digest())
    },
    "postal": lambda text: {
        "X-Postal-Signature": in_base64(RSA.sign(text.encode(), padding.PKCS1v15(), hashes.SHA1()))
    },
    "resend": lambda text: {"svix-id": "msg_1"},
    "sendgrid": lambda text: {
        "X-Twilio-Email-Event-Webhook-Timestamp": str(SECONDS),
        "X-Twilio-Email-Event-Webhook-Signature": in_base64(
            EC.sign(f"{SECONDS}{text}".encode(), ec.ECDSA(hashes.SHA256()))
        ),
    },
}
# What says which letter it is, around what is said of it.
BODIES = {
    "amazon_ses": lambda row, said: {
        "Type": "Notification",
        "MessageId": "5",
        "Timestamp": AT,
        "Message": json.dumps(
            {
                "mail": {
                    "timestamp": AT,
                    "messageId": "7",
                    "destination": [READER],
                    "headers": [{"name": "Message-ID", "value": f"<{number_of(row)}>"}],
                },
            }
            | said
        ),
    },
    "brevo": lambda row, said: (
        {
            "email": READER,
            "id": 1,
            "message-id": "<1@smtp-relay.mailin.fr>",
            "ts_event": SECONDS,
            "ts_epoch": SECONDS * 1000,
            "X-Mailin-custom": json.dumps(metadata(row)),
        }
        | said
    ),
    "mailersend": lambda row, said: {
        "type": f"activity.{said['type']}",
        "domain_id": "d",
        "created_at": AT,
        "webhook_id": "w",
        "url": "https://payom.test/hooks/mailersend/",
        "data": {
            "object": "activity",
            "id": "63fd251d5c00f8e52001fce6",
            "created_at": AT,
            "email": {
                "object": "email",
                "id": "63fd1c1de225707fa905f0a8",
                "created_at": AT,
                "from": "press@coalition.test",
                "subject": "Тема",
                "status": "sent",
                "tags": [marks.header(row.pk)],
                "message": {"object": "message", "id": "63fd25194d5edba3da09e044", "created_at": AT},
                "recipient": {"object": "recipient", "id": "63f3bb1965d98aa98c07d6b7", "email": READER},
            },
            "template_id": "",
        }
        | said,
    },
    "mailgun": lambda row, said: {
        "signature": {
            "timestamp": str(SECONDS),
            "token": "token-1",
            "signature": mac(f"{SECONDS}token-1").hexdigest(),
        },
        "event-data": {
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": NOW.timestamp(),
            "recipient": READER,
            "recipient-domain": "navid.test",
            "message": {"headers": {"message-id": number_of(row), "to": READER, "subject": "Тема"}},
            "user-variables": metadata(row),
            "tags": [],
        }
        | said,
    },
    "mailjet": lambda row, said: [
        {"time": SECONDS, "email": READER, "MessageID": 1, "CustomID": "", "Payload": json.dumps(metadata(row))} | said
    ],
    "mailtrap": lambda row, said: {
        "events": [
            {
                "timestamp": SECONDS,
                "sending_stream": "transactional",
                "message_id": "1df37d17-0286-4d8b-8edf-bc4ec5be86e6",
                "email": READER,
                "event_id": "bede7236-2284-43d6-a953-1fdcafd0fdbc",
                "custom_variables": metadata(row),
            }
            | said
        ]
    },
    "mandrill": lambda row, said: [
        {
            "event": said["event"],
            "_id": "abcdef012345789abcdef012345789",
            "ts": SECONDS,
            "msg": {
                "ts": SECONDS,
                "_id": "abcdef012345789abcdef012345789",
                "subject": "Тема",
                "email": READER,
                "sender": "press@coalition.test",
                "tags": [],
                "metadata": metadata(row),
            }
            | said["msg"],
        }
    ],
    "postal": lambda row, said: {
        "event": said["event"],
        "timestamp": NOW.timestamp(),
        "uuid": "5fec5077-dae7-4989-94d5-e1963f3e9181",
        "payload": {
            "message": {
                "id": 1571,
                "token": "MzWWQPubXXWz",
                "direction": "outgoing",
                # Its own, whatever the letter says.
                "message_id": "cfb29da8-5ed1-4e4e-a6c8-a0f24d7a9ef3@rp.postal.test",
                "to": READER,
                "from": "press@coalition.test",
                "subject": "Тема",
                "timestamp": NOW.timestamp(),
                "spam_status": "NotChecked",
                "tag": marks.header(row.pk),
            },
            "timestamp": NOW.timestamp(),
        }
        | said["payload"],
    },
    "postmark": lambda row, said: (
        {
            "MessageID": "00000000-0000-0000-0000-000000000000",
            "Metadata": metadata(row),
        }
        | said
    ),
    "resend": lambda row, said: {
        "type": said["type"],
        "created_at": AT,
        "data": {
            "created_at": AT,
            "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
            "from": "press@coalition.test",
            "to": [READER],
            "subject": "Тема",
            "headers": [{"name": "X-Metadata", "value": json.dumps(metadata(row))}],
        }
        | said["data"],
    },
    "sendgrid": lambda row, said: [bounce(row, **said)],
    "sparkpost": lambda row, said: [
        {
            "msys": {
                "message_event": {
                    "event_id": "92",
                    "rcpt_to": READER,
                    "raw_rcpt_to": READER,
                    "transmission_id": "6",
                    "rcpt_meta": metadata(row),
                    "timestamp": str(SECONDS),
                }
                | said
            }
        }
    ],
    "unisender_go": lambda row, said: {
        "auth": SHARED,
        "events_by_user": [
            {
                "user_id": 456,
                "project_id": "6432890213745872",
                "project_name": "Payom",
                "events": [
                    {
                        "event_name": "transactional_email_status",
                        "event_data": {
                            "job_id": "1a3Q2V-0000OZ-S0",
                            "metadata": metadata(row),
                            "email": READER,
                            "event_time": NOW.strftime("%Y-%m-%d %H:%M:%S"),
                        }
                        | said,
                    }
                ],
            }
        ],
    },
}
BOUNCED = {
    "amazon_ses": {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": READER, "status": "5.1.1", "diagnosticCode": f"smtp; {UNKNOWN}"}],
            "timestamp": AT,
            "feedbackId": "x",
        },
    },
    "brevo": {"event": "hard_bounce", "reason": UNKNOWN},
    "mailersend": {
        "type": "hard_bounced",
        "morph": {"object": "recipient_bounce", "id": "b", "created_at": AT, "reason": UNKNOWN},
    },
    "mailgun": {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "delivery-status": {"attempt-no": 1, "code": 550, "message": UNKNOWN, "description": ""},
    },
    "mailjet": {
        "event": "bounce",
        "blocked": False,
        "hard_bounce": True,
        "error_related_to": "recipient",
        "error": "user unknown",
        "comment": "",
    },
    "mailtrap": {
        "event": "bounce",
        "response": f"bounced ({UNKNOWN})",
        "response_code": 550,
        "bounce_category": "hard",
    },
    "mandrill": {
        "event": "hard_bounce",
        "msg": {
            "state": "bounced",
            "bounce_description": "bad_mailbox",
            "bgtools_code": 10,
            "diag": f"smtp;{UNKNOWN}",
        },
    },
    "postal": {
        "event": "MessageDeliveryFailed",
        "payload": {
            "status": "HardFail",
            "details": "Permanent SMTP delivery error when sending to mx.navid.test",
            "output": UNKNOWN,
            "sent_with_ssl": True,
            "time": 0.89,
        },
    },
    "postmark": {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": UNKNOWN,
        "Email": READER,
        "BouncedAt": AT,
    },
    "resend": {
        "type": "email.bounced",
        "data": {
            "bounce": {
                "type": "Permanent",
                "subType": "General",
                "message": "The recipient's email provider sent a hard bounce message, but didn't specify the reason "
                "for the hard bounce. We recommend removing the recipient's email address from your mailing list. "
                "Sending messages to addresses that produce hard bounces can have a negative impact on your "
                "reputation as a sender.",
                "diagnosticCode": [f"smtp; {UNKNOWN}"],
            }
        },
    },
    "sendgrid": {"reason": UNKNOWN},
    "sparkpost": {"type": "bounce", "bounce_class": "10", "error_code": "550", "raw_reason": UNKNOWN},
    "unisender_go": {
        "status": "hard_bounced",
        "delivery_info": {"delivery_status": "err_user_unknown", "destination_response": UNKNOWN},
    },
}
DELIVERED = {
    "amazon_ses": {
        "notificationType": "Delivery",
        "delivery": {"timestamp": AT, "recipients": [READER], "smtpResponse": "250 2.0.0 OK"},
    },
    "brevo": {"event": "delivered"},
    "mailersend": {"type": "delivered", "morph": None},
    "mailgun": {"event": "delivered", "delivery-status": {"attempt-no": 1, "code": 250, "message": "OK"}},
    "mailjet": {"event": "sent", "smtp_reply": "sent (250 2.0.0 OK)"},
    "mailtrap": {"event": "delivery"},
    "mandrill": {"event": "delivered", "msg": {"state": "sent", "diag": "250 2.0.0 OK"}},
    "postal": {
        "event": "MessageSent",
        "payload": {"status": "Sent", "details": "accepted", "output": "250 2.0.0 OK\n", "sent_with_ssl": True},
    },
    "postmark": {"RecordType": "Delivery", "Recipient": READER, "DeliveredAt": AT, "Details": "250 2.0.0 OK"},
    "resend": {"type": "email.delivered", "data": {}},
    "sendgrid": {"event": "delivered", "response": "250 2.0.0 OK"},
    "sparkpost": {"type": "delivery"},
    "unisender_go": {"status": "delivered", "delivery_info": {"delivery_status": "ok_delivered"}},
}


def written(provider, body):
    """The text of a post as its service signs it, and the headers that come with it."""
    text = json.dumps(body)
    if provider == "unisender_go":
        text = text.replace(SHARED, md5(text.encode()).hexdigest())
    return text, HEADERS.get(provider, lambda text: {})(text)


def send(provider, text, headers, *, secret=""):
    if provider == "mandrill":
        return post(
            provider,
            urlencode({"mandrill_events": text}),
            secret=secret,
            kind="application/x-www-form-urlencoded",
            **headers,
        )
    return post(provider, text, secret=secret, **headers)


def tell(provider, row, said):
    text, headers = written(provider, BODIES[provider](row, said[provider]))
    return send(provider, text, headers, secret="" if provider in KEYS else SECRET)


def key_of(provider):
    return {PROVIDERS[provider][1]: KEYS[provider], "MANDRILL_WEBHOOK_URL": MANDRILL_URL}
