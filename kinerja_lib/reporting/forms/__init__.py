"""Excel forms for what agencies have no export of; they read back without a mapping."""

from kinerja_lib.reporting.forms.catalogue import Column, Form, choose_forms, forms
from kinerja_lib.reporting.forms.questionnaire import render_questionnaire
from kinerja_lib.reporting.forms.write import render_form, write_forms

__all__ = ["Column", "Form", "choose_forms", "forms", "render_form", "render_questionnaire", "write_forms"]
