"""What a form file gets told when it cannot be used."""


class FormProblem(Exception):
    """This form file cannot be used; `problems` says where and why: (component, sentence)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{where}: {what}" for where, what in problems))
