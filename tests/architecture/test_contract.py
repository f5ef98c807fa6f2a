from importlinter.cli import lint_imports


def test_imports_point_the_way_the_contract_says(capsys):
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out
