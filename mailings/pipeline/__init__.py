"""The mailing's way from an approved text to the recipients' mailboxes, one file a stage.

audience ─► freeze ─► [Delivery rows] ─► claim ─► render ─► transport ─► [Receipt] ─► send records it
 who, and why not    one transaction      ▲                  SMTP                      │
                                          └───────────────────────── send is the loop ◄┘
"""
