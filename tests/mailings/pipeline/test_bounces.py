import pytest

from mailings.pipeline.bounces import BounceClass, classify


@pytest.mark.parametrize(
    ("code", "reply", "found"),
    [
        (550, "5.1.1 <x@gone.test>: User unknown", BounceClass.HARD),
        (550, "5.1.10 Recipient not found", BounceClass.HARD),
        (550, "No such user here", BounceClass.HARD),
        (550, "Пользователь не существует", BounceClass.HARD),
        (452, "4.2.2 over quota", BounceClass.FULL),
        (552, "5.2.2 mailbox full", BounceClass.FULL),
        (451, "4.7.1 Greylisted, try again", BounceClass.BLOCK),
        (450, "4.3.0 try again later", BounceClass.SOFT),
        (451, "temporary local problem", BounceClass.SOFT),
        (550, "5.7.1 Message rejected by our policy", BounceClass.BLOCK),
        (550, "5.7.26 DMARC", BounceClass.BLOCK),
        (550, "5.1.1 blocked as spam", BounceClass.BLOCK),
        (550, "5.4.1 Recipient address rejected: Access denied", BounceClass.HARD),
        (550, "an MX or SRV record indicated no SMTP service", BounceClass.HARD),
        (550, "Host mail.gone.test not found", BounceClass.HARD),
        (550, "User mailbox exceeds allowed size", BounceClass.FULL),
        (550, "5.2.1 The user you are trying to contact is receiving mail at a rate that", BounceClass.BLOCK),
        (550, "5.1.1 Refused due to recipient preferences", BounceClass.BLOCK),
        (554, "You've reached your daily relay quota", BounceClass.BLOCK),
        (554, "Message rejected: Email address is not verified", BounceClass.BLOCK),
        (500, "Line limit exceeded", BounceClass.BLOCK),
        (554, "5.3.0 unknown mailer error 255: too many clients already", BounceClass.SOFT),
        (554, "Service currently unavailable", BounceClass.SOFT),
        (550, "5.1.0 - Unknown address error 550-'5.7.1 <x@coalition.test>... Access denied'", BounceClass.BLOCK),
        (554, "INVALID IP FOR SENDING MAIL OF DOMAIN coalition.test", BounceClass.BLOCK),
        (550, "5.7.0 The recipient mailbox has exceeded its disk space limit", BounceClass.FULL),
        (551, "this is a deactivated mailbox", BounceClass.HARD),
        (550, "No mail box available for this user", BounceClass.HARD),
        (550, "192.0.2.1 is not allowed to send mail from coalition.test", BounceClass.BLOCK),
        (550, "all hosts have been failing for a long time", BounceClass.SOFT),
        (550, "mailbox is full\n-- This message was checked by an antivirus system", BounceClass.FULL),
        (554, "no", BounceClass.UNKNOWN),
    ],
)
def test_classify_reads_the_server_s_words(code, reply, found):
    assert classify(code, reply) is found


def test_classify_asks_why_a_letter_was_given_up():
    assert classify(450, "4.7.1 Access denied", "4.4.7") is BounceClass.BLOCK


@pytest.mark.parametrize("enhanced", ["5.7.0", "5.7.1", "5.7.26", "5.7.509", "5.7.515", "5.2.2", "4.2.2", "4.7.0"])
def test_classify_never_calls_our_reputation_or_a_full_box_a_dead_mailbox(enhanced):
    assert classify(550, f"{enhanced} user unknown") is not BounceClass.HARD
