"""The one style sheet, written from the tokens.

Widgets choose their part by dynamic properties, never by a sheet of their own:

* `QPushButton`/`QToolButton`: `kind` = `primary`, `quiet`, `danger`, `segment`, `nav`; `size` = `small`
* `QLabel`: `kind` = `title`, `section`, `caption`, `muted`, `strong`, `badge`, `error`, `warn`
* `QFrame`: `kind` = `card`, `surface`, `segmented`, `line`, `note-warn`, `note-error`, `note-info`
* fields: `error` = true
"""

from __future__ import annotations

from calmerge_desktop import resources
from calmerge_desktop.ui.theme.tokens import RADIUS, TYPE, Tokens, mix

_BUTTONS = """
QPushButton, QToolButton {{ min-height: 30px; padding: 0 12px; border: 1px solid {line}; border-radius: {control}px;
  background: {bg}; color: {text}; font-size: {body}px; font-weight: 500; }}
QToolButton {{ padding: 0 7px; }}
QPushButton:hover, QToolButton:hover {{ background: {surface2}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {line}; }}
QPushButton:disabled, QToolButton:disabled {{ background: {surface2}; color: {text3}; border-color: {surface2}; }}
QPushButton[size="small"], QToolButton[size="small"] {{ min-height: 26px; padding: 0 10px; font-size: {event}px; }}
QToolButton[size="small"] {{ padding: 0 5px; }}
QPushButton[kind="primary"] {{ background: {accent}; border-color: {accent}; color: {on_accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {accent_pressed}; border-color: {accent_pressed}; }}
QPushButton[kind="primary"]:disabled {{ background: {surface2}; border-color: {surface2}; color: {text3}; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {surface2}; }}
QPushButton[kind="quiet"]:pressed, QToolButton[kind="quiet"]:pressed {{ background: {line}; }}
QPushButton[kind="danger"] {{ color: {error}; }}
QPushButton[kind="danger-edge"] {{ color: {error}; border-color: {error}; }}
QFrame[kind="segmented"] {{ background: {surface2}; border: 0; border-radius: {control}px; }}
QPushButton[kind="segment"], QToolButton[kind="segment"] {{ min-height: 26px; padding: 0 12px; background: transparent;
  border: 1px solid transparent; border-radius: 6px; color: {text2}; font-weight: 500; margin: 2px 1px; }}
QPushButton[kind="segment"]:hover, QToolButton[kind="segment"]:hover {{ color: {text}; }}
QPushButton[kind="segment"]:checked, QToolButton[kind="segment"]:checked {{ background: {bg};
  border-color: {segment_edge}; color: {text}; font-weight: 600; }}
QPushButton[kind="nav"] {{ text-align: left; background: transparent; border-color: transparent; color: {text2};
  font-weight: 500; padding: 0 8px; }}
QPushButton[kind="nav"]:hover {{ background: {surface2}; }}
QPushButton[kind="nav"]:checked {{ background: {accent_soft}; color: {accent}; font-weight: 600; }}
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{ background: {bg}; color: {text};
  border: 1px solid {text3}; border-radius: {control}px; font-size: {body}px;
  selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit, QAbstractSpinBox, QComboBox {{ min-height: 30px; padding: 0 10px; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {text3}; }}
QPlainTextEdit, QTextEdit {{ padding: 6px 6px; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: 0; min-height: 0; padding: 0 8px; background: transparent; }}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ border: 2px solid {focus}; min-height: 28px; padding: 0 9px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {focus}; padding: 5px 5px; }}
QLineEdit[error="true"], QAbstractSpinBox[error="true"], QComboBox[error="true"] {{ border: 2px solid {error};
  min-height: 28px; padding: 0 9px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ background: {surface2};
  color: {text3}; border-color: {line}; }}
QComboBox::drop-down {{ border: 0; width: 28px; }}
QComboBox::down-arrow {{ image: url("{icons}/chevron-down-{name}.svg"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{ background: {bg}; border: 1px solid {line}; outline: 0; padding: 4px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: 0; width: 20px; background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url("{icons}/chevron-up-{name}.svg"); width: 12px; height: 12px; }}
QAbstractSpinBox::down-arrow {{ image: url("{icons}/chevron-down-{name}.svg"); width: 12px; height: 12px; }}
QDateTimeEdit::drop-down {{ border: 0; width: 28px; }}
QDateTimeEdit::down-arrow {{ image: url("{icons}/chevron-down-{name}.svg"); width: 16px; height: 16px; }}
QCheckBox, QRadioButton {{ spacing: 8px; color: {text}; font-size: {body}px; background: transparent; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {text3}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {text3}; background: {bg}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QCheckBox::indicator:indeterminate {{
  background: {accent}; border-color: {accent}; }}
QCheckBox::indicator:checked {{ image: url("{icons}/check-{name}.svg"); }}
QCheckBox::indicator:indeterminate {{ image: url("{icons}/minus-{name}.svg"); }}
QRadioButton::indicator:checked {{ image: url("{icons}/dot-{name}.svg"); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {surface2}; border-color: {line}; }}
"""

_REST = """
QPushButton, QToolButton, QCheckBox, QRadioButton {{ outline: none; }}
QLabel {{ background: transparent; }}
QLabel[kind="title"] {{ font-size: {title}px; font-weight: 600; color: {text}; }}
QLabel[kind="section"] {{ font-size: {section}px; font-weight: 600; color: {text}; }}
QLabel[kind="strong"] {{ font-weight: 600; color: {text}; }}
QLabel[kind="muted"] {{ color: {text2}; }}
QLabel[kind="caption"] {{ font-size: {caption}px; color: {text3}; }}
QLabel[kind="warn"] {{ font-size: {caption}px; color: {warn}; font-weight: 500; }}
QLabel[kind="error"] {{ font-size: {caption}px; color: {error}; font-weight: 500; }}
QLabel[kind="badge"] {{ background: {surface2}; color: {text2}; border-radius: 9px; min-width: 10px; min-height: 18px;
  max-height: 18px; padding: 0 4px; font-size: {caption}px; font-weight: 600; qproperty-alignment: AlignCenter; }}
QFrame[kind="card"] {{ background: {bg}; border: 1px solid {line}; border-radius: {card}px; }}
QFrame[kind="surface"] {{ background: {surface}; border: 0; }}
QFrame[kind="line"] {{ background: {line}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame[kind="note-warn"] {{ background: {warn_fill}; border: 0; border-radius: {control}px; }}
QFrame[kind="note-error"] {{ background: {error_fill}; border: 0; border-radius: {control}px; }}
QFrame[kind="note-info"] {{ background: {accent_soft}; border: 0; border-radius: {control}px; }}
QFrame[kind="note-done"] {{ background: {done_fill}; border: 0; border-radius: {control}px; }}
QMenu {{ background: {bg}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 6px; }}
QMenu::item:selected {{ background: {accent_soft}; color: {text}; }}
QMenu::item:disabled {{ color: {text3}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QToolTip {{ background: {inverse}; color: {on_inverse}; border: 0; padding: 4px 8px; font-size: {caption}px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {handle}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {text3}; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {line_soft}; border: 0; border-radius: 2px; min-height: 4px; max-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QAbstractItemView {{ outline: 0; }}
"""


def write(tokens: Tokens) -> str:
    """The style sheet of a theme."""
    colours = {field: value for field in Tokens.__slots__ if isinstance(value := getattr(tokens, field), str)}
    sizes = {name: getattr(TYPE, name) for name in type(TYPE).__slots__}
    return (_BUTTONS + _FIELDS + _REST).format(
        **colours,
        axis=sizes["axis"],
        caption=sizes["caption"],
        event=sizes["event"],
        body=sizes["body"],
        section=sizes["section"],
        title=sizes["title"],
        control=RADIUS.control,
        card=RADIUS.card,
        segment_edge=tokens.line if tokens.name == "light" else tokens.text3,
        warn_fill=tokens.events["amber"].fill,
        error_fill=tokens.events["rose"].fill,
        done_fill=tokens.events["green"].fill,
        handle=mix(tokens.text3, tokens.bg, 0.45),
        icons=resources.path("icons/style").as_posix(),
    )
