"""The main study on synthetic files: what is estimated, beside the truth that was planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cofactor.errors import StudyError, VerificationError

if TYPE_CHECKING:
    import pandas as pd

    from cofactor.report import ReportFiles
    from cofactor.study import StudyResult

STUDY = "mg_vitd_mortality"
DATA = "synthetic_nhanes"
"""Folder of the synthetic files within the output: it serves as `--data` of any other command."""

LIMIT = 4.0
"""Standard errors from the truth: among 44 right estimates one lies beyond it in about one of 200 seeds, by chance."""


@dataclass(frozen=True, eq=False)
class Demo:
    """What the demonstration made.

    Attributes
    ----------
    result : StudyResult
    files : ReportFiles
    parameters : DataFrame
        One row a parameter of the main model: term, truth, estimate, se, z.
    """

    result: StudyResult
    files: ReportFiles
    parameters: pd.DataFrame

    def shown(self) -> pd.DataFrame:
        """Return the parameters as text for a screen."""
        numbers = {name: self.parameters[name].map("{:.3f}".format) for name in ("truth", "estimate", "se")}
        return self.parameters.assign(**numbers, z=self.parameters["z"].map("{:+.2f}".format))


def beside_truth(table: pd.DataFrame, truth: Mapping[str, float]) -> pd.DataFrame:
    """Return the terms of a fit's table whose truth is known: term, truth, estimate, se, z = (estimate - truth) / se.

    Raises
    ------
    StudyError
        The truth names a term that the model does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"term": ["age", "sex"], "estimate": [0.5, 0.2], "se": [0.1, 0.1]})
    >>> beside_truth(table, {"age": 0.3})
      term  truth  estimate   se    z
    0  age    0.3       0.5  0.1  2.0
    """
    unknown = sorted(set(truth) - set(table["term"]))
    if unknown:
        raise StudyError(f"the synthetic truth names {', '.join(unknown)}, which the main model does not have")
    known = table.loc[table["term"].isin(list(truth)), ["term", "estimate", "se"]].reset_index(drop=True)
    known.insert(1, "truth", known["term"].map(truth))
    return known.assign(z=(known["estimate"] - known["truth"]) / known["se"])


def agrees(parameters: pd.DataFrame) -> bool:
    """Whether every estimate lies within `LIMIT` standard errors of its truth."""
    return bool((parameters["z"].abs() <= LIMIT).all())


def run_demo(
    output: Path, *, people: int | None = None, seed: int | None = None, imputations: int | None = None
) -> Demo:
    """Make synthetic files, verify them, run the main study on them and write its report, all under `output`.

    Parameters
    ----------
    output : Path
        Gets the report, and the files in a folder of their own.
    people, seed : int, optional
        People in each cycle, and the seed of the files; by default those of `synthetic_nhanes`.
    imputations : int, optional
        As `run_study` takes them.

    Raises
    ------
    StudyError
        A number of imputations that cannot be.
    VerificationError
        A file does not read back as it was written.
    FileError
        The disk is full, or `output` holds other files of these names.
    """
    from cofactor.loaders import verify
    from cofactor.report import check_report_folder, write_report
    from cofactor.study import load_study, run_study
    from cofactor.study.missing_data import check_imputations
    from cofactor.synthetic import synthetic_nhanes
    from cofactor.synthetic.writing import DEFAULT_PEOPLE, DEFAULT_SEED

    study = load_study(STUDY)
    if imputations is not None:
        check_imputations(study, imputations)  # before any file is made
    check_report_folder(output)
    data = output / DATA
    made = synthetic_nhanes(
        data,
        people=DEFAULT_PEOPLE if people is None else people,
        seed=DEFAULT_SEED if seed is None else seed,
        cycles=study.cycles,
    )
    found = verify(data)
    if not found.is_good:
        bad = [f"{one.file} ({one.status}: {one.note})" for one in found.verifications if not one.is_good]
        raise VerificationError(f"the synthetic files in {data} are not as they were written: {'; '.join(bad)}")
    result = run_study(study, data=data, imputations=imputations)
    main = result.models[study.headline.model].fit
    return Demo(result, write_report(result, output), beside_truth(main.table(), made.parameters(study.cycles)))
