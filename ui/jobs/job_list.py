"""The jobs as a Qt model, and how one of them is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.jobs.job import Job, JobState, Progress
from ui.delegates.list_row import Index, ListRowDelegate, write_line
from ui.jobs.words import describe, share, state_text
from ui.text import hint
from ui.theme import scaled

LINES = 3.1
"""Height of a row in lines of text."""
BAR = 4

JOB = Qt.ItemDataRole.UserRole + 1
PROGRESS = Qt.ItemDataRole.UserRole + 2


class JobListModel(QStandardItemModel):
    """All jobs in their order."""

    def show_jobs(self, jobs: Iterable[Job], progress: Mapping[int, Progress]) -> None:
        """Show these jobs; rows of those that were there before stay the same rows."""
        jobs = list(jobs)
        if [job.id for job in self.jobs()] != [job.id for job in jobs]:
            self.clear()
            self.invisibleRootItem().appendRows([QStandardItem() for _ in jobs])
        for row, job in enumerate(jobs):
            self._fill(self.item(row), job, progress.get(job.id))

    def show_progress(self, progress: Progress) -> None:
        """Show how far a job is."""
        row = self.row_of(progress.job_id)
        if row >= 0:
            self._fill(self.item(row), self.job(self.index(row, 0)), progress)

    def job(self, index: Index) -> Job:
        """The job of a row."""
        return cast(Job, index.data(JOB))

    def jobs(self) -> list[Job]:
        """All jobs that are shown."""
        return [self.job(self.index(row, 0)) for row in range(self.rowCount())]

    def row_of(self, job_id: int) -> int:
        """The row of a job; -1 if it is not there."""
        return next((row for row, job in enumerate(self.jobs()) if job.id == job_id), -1)

    def _fill(self, item: QStandardItem, job: Job, progress: Progress | None) -> None:
        item.setEditable(False)
        item.setText(job.title)
        item.setData(job, JOB)
        item.setData(progress, PROGRESS)
        item.setData(describe(job, progress), Qt.ItemDataRole.AccessibleTextRole)
        item.setToolTip(hint(str(job.source or job.title)))


class JobDelegate(ListRowDelegate):
    """Draws a job in two lines, with a bar while it runs."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines, the bar and some air."""
        return QSize(0, round(LINES * option.fontMetrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        job = cast(Job, index.data(JOB))
        progress = cast(Progress | None, index.data(PROGRESS))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, option)
        upper, lower, bar = _places(option)
        painter.setFont(scaled(option.font, 1.0, option.font.Weight.DemiBold))
        painter.setPen(QColor(self._theme.colours.text))
        write_line(painter, upper, job.title)
        painter.setFont(scaled(option.font, 0.9))
        painter.setPen(self._colour(job))
        write_line(painter, lower, f"{_sign(job)}{state_text(job, progress)}")
        if job.state is JobState.RUNNING:
            self._paint_bar(painter, bar, share(progress))
        painter.restore()

    def _colour(self, job: Job) -> QColor:
        colours = self._theme.colours
        if job.state is JobState.FAILED:
            return QColor(colours.danger)
        incomplete = job.state is JobState.DONE and job.message
        return QColor(colours.warning if incomplete else colours.muted)

    def _paint_bar(self, painter: QPainter, box: QRect, done: float) -> None:
        colours = self._theme.colours
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.outline))
        painter.drawRoundedRect(box, BAR / 2, BAR / 2)
        painter.setBrush(QColor(colours.accent_text))
        part = QRect(box)
        part.setWidth(max(BAR, round(done * box.width())))
        part = QStyle.visualRect(painter.layoutDirection(), box, part)
        painter.drawRoundedRect(part, BAR / 2, BAR / 2)


def _sign(job: Job) -> str:
    """What tells states apart without their colours."""
    if job.state is JobState.FAILED or (job.state is JobState.DONE and job.message):
        return "⚠ "
    return "✓ " if job.state is JobState.DONE else ""


def _places(option: QStyleOptionViewItem) -> tuple[QRect, QRect, QRect]:
    height = QFontMetrics(option.font).height()
    inner = option.rect.adjusted(20, 0, -18, 0)
    upper = QRect(inner.left(), inner.center().y() - height - 2, inner.width(), height)
    lower = upper.translated(0, height + 1)
    return upper, lower, QRect(inner.left(), lower.bottom() + 3, inner.width(), BAR)
