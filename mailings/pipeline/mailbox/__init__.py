"""Read what comes into the group's mailbox: what kind of letter it is, and to which of ours it belongs.

`sources` fetches, `letter` takes apart within bounds, `kinds` and `failures` judge, `correlate` finds our delivery.
Nothing here changes a row: what follows from a letter is `mailings.actions.incoming`.
"""
