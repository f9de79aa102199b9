"""Settings of the speech engine: which model, and what it computes on."""

from __future__ import annotations

from app.hardware import ComputeFound, found_devices
from app.model_store import StoredModel, stored_models
from app.models import DEFAULT_NAME
from ui.settings.chores import Chores
from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.theme import Theme


class EnginePage(Page):
    """The choice of model and device, with what this computer has."""

    def __init__(self, keeper: Keeper, theme: Theme, chores: Chores) -> None:
        super().__init__(keeper, theme)
        self._chores = chores
        self._looked = False
        self.heading.setText(self.tr("Speech engine"))
        self.model = self.choice("model", self.tr("Model"), [(DEFAULT_NAME, None)])
        self.about = self.text()
        self.column.addSpacing(12)
        self.device = self.choice(
            "device",
            self.tr("Computes on"),
            [
                (self.tr("Choose by itself"), "auto"),
                (self.tr("The processor (CPU)"), "cpu"),
                (self.tr("A graphics card (CUDA)"), "cuda"),
                (self.tr("An Apple GPU (MPS)"), "mps"),
            ],
        )
        self.found = self.text()
        self.column.addSpacing(12)
        self.thrift = self.choice(
            "thrift",
            self.tr("How much it computes"),
            [
                (self.tr("Best: computes more"), "best"),
                (self.tr("Balanced: as the model decides"), "balanced"),
                (self.tr("Saver: computes less"), "saver"),
            ],
        )
        self.no_thrift = self.text()
        self.end()
        self._models: list[StoredModel] = []
        keeper.changed.connect(self._tell)

    def shown(self) -> None:
        """List the models, and look what this computer has: that loads the engine's library."""
        self.look_for_models()
        if not self._looked:
            self._looked = True
            self.found.setText(self.tr("Looking what this computer has…"))
            self._chores.do("hardware", found_devices, self._show_found, self.found.setText)

    def look_for_models(self) -> None:
        """List what is installed now."""
        self._chores.do("models", stored_models, self.show_models, self.about.setText)

    def show_models(self, models: list[StoredModel]) -> None:
        """Offer these models."""
        self._models = models
        self.model.clear()
        for each in models:
            self.model.addItem(each.name, None if each.name == DEFAULT_NAME else each.name)
        chosen = self.keeper.settings.model
        self.model.show_value(chosen, self.tr("{name} (missing)").format(name=chosen))
        self._tell("model")

    def _tell(self, name: str) -> None:
        if name != "model":
            return
        chosen = self.keeper.settings.model or DEFAULT_NAME
        found = next((each for each in self._models if each.name == chosen), None)
        self.about.setText(found.problem or found.card.description if found else "")
        self._offer_thrift(found is not None and found.can_save)

    def _offer_thrift(self, offered: bool) -> None:
        if not offered and self.thrift.hasFocus():
            self.model.setFocus()
        self.thrift.setEnabled(offered)
        said = self.tr("The chosen model always computes everything, so there is no choice.")
        self.no_thrift.setText("" if offered else said)
        self.no_thrift.setVisible(not offered)

    def _show_found(self, found: ComputeFound) -> None:
        if found.gpu:
            said = self.tr("Found: {gpu}. “Choose by itself” takes it.").format(gpu=found.gpu)
        else:
            said = self.tr(
                "Found: no graphics card that the engine can use, so it computes on the processor "
                "({cores} cores). That is enough to follow a meeting."
            ).format(cores=found.cores)
        self.found.setText(said)
