"""Which records are of one person. For other rooms:

    from crm.matching.names import match, keys
    match("Қодиров Ҷамшед", "Jamshed Kadyrov")      -> Verdict(grade="strong", score=0.98, reasons=(Reason.SPELLED,))
    keys("Қодиров Ҷамшед")                          -> {"…", …}; two spellings of one name share at least one

    from crm.matching.organisations import same_organisation
    same_organisation("газета «Навид»", "Navid newspaper")      -> True

    from crm.matching.joining import Record, clusters, same_person
    record = Record(name="…", emails={…}, phones={…}, organisations={…}, card=None)
    same_person(one, other)   -> Joining(answer="same" | "ask" | "other", reasons=(Reason.SAME_ADDRESS, …))
    found = clusters(records)
    found.groups      -> [[0, 7, 12], [1], …]: every index once, in the order of the first record of each group
    found.questions   -> [Question(first=3, second=9, reasons=(…)), …]: for a person to decide

`str(reason)` is the reason in words. Names, sealed or not, are read as they are typed, whatever script and order.
Addresses and telephones are compared as they are given, so blind indices do as well as plain ones. `card` is the key of
the contact that a record stands for: two cards are never put together, only what joins one of them. All is pure.
"""
