"""Events, invitations and answers; press requests and interviews. The room is laid; its first model comes with it."""
