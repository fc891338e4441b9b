"""Where a category of a user's own is reported in the statutory accounts: the names that each type of company may give.

Source: https://dev.freeagent.com/docs/categories (valid tax reporting names by company type)
"""

from __future__ import annotations

from sandbooks.kit.company import Company

# Names are given as they stand here, and told with spaces for underscores.
_LIMITED = """
accountancy_fees advertising_and_promotional_costs amortisation_of_intangible_assets bad_debts_written_off
bank_charges business_entertaining canteen charitable_donations computer_software_costs consumable_items
credit_card_charges depreciation_of_tangible_fixed_assets directors_pensions directors_remuneration
employers_ni_directors employers_ni_staff finance_charges foreign_exchange_transaction_charges
gain_from_disposal_of_tangible_fixed_assets gain_on_foreign_currency_transactions general_consultancy_fees
general_maintenance hire_and_leasing_of_computer_equipment hire_and_leasing_of_motor_vehicles
hire_and_leasing_of_other_assets it_and_computer_consumables insurance insurance_on_premises interest_payable
irrecoverable_vat late_payment_of_tax leases_and_hire_purchase_contracts legal_fees management_fees
other_legal_and_professional_fees political_donations postage_costs premises_cleaning
premises_repairs_and_maintenance premises_repairs_and_renewals printing_costs
publication_and_other_information_subscriptions rates_on_premises rent_of_premises research_and_development_costs
staff_benefits_in_kind staff_entertaining staff_pensions staff_training staff_welfare stationery
subscriptions_to_professional_and_trade_bodies sundry_expenses telecommunication_costs travel_and_subsistence
use_of_residence vehicle_running_costs wages_and_salaries
"""
_SOLE = """
accountancy_and_legal_fees advertising_costs bank_and_loan_interest car_van_and_travel_expenses debts_written_off
depreciation_and_loss_profit_on_sale entertainment_costs other_business_expenses other_finance_charges
phone_and_other_office_costs rent_and_other_property_costs repair_and_renewal_costs wages_salaries_and_staff_costs
"""
_PARTNERSHIP = """
advertising_etc bad_debts business_entertaining depreciation_and_loss employee_costs
general_administrative_expenses interest legal_and_professional_costs motor_expenses other_direct_costs
other_expenses other_finance_charges premises_costs repairs travel_and_subsistence
"""
_ELSEWHERE = """
advertising bad_debts_written_off car_and_truck_expenses commissions_and_fees contract_labor depletion depreciation
employee_benefit_programs expenses_for_business_use_of_home insurance mortgage_interest other_interest
legal_and_professional_services meals_and_entertainment office_expense other_expenses
pension_and_profit_sharing_plans other_business_property_rent vehicle_machinery_and_equipment_rent
repairs_and_maintenance supplies taxes_and_licenses travel utilities wages
"""
_CIS = ("construction_industry_scheme_subcontractor_costs",)
_COST_OF_SALES = {
    "UkLimitedCompany": ("commissions_payable", "material_costs", "purchases", "subcontractor_costs", *_CIS),
    "UkSoleTrader": ("cost_of_goods", "subcontractor_costs", *_CIS),
    "UkPartnership": ("cost_of_sales", "subcontractor_costs"),
    "": ("cost_of_labor", "materials_and_supplies", "other_costs", "purchases"),
}
_ADMIN_EXPENSES = {
    "UkLimitedCompany": tuple(_LIMITED.split()),
    "UkSoleTrader": tuple(_SOLE.split()),
    "UkPartnership": tuple(_PARTNERSHIP.split()),
    "": tuple(_ELSEWHERE.split()),
}
_CURRENT_ASSETS = ("debtors", "money_in_transit", "prepayments_and_accrued_income")
# The list names the first for limited companies alone, the sample the second. Unconfirmed: what others may give.
_LIABILITIES = ("provisions_for_liabilities", "creditors")


def allowed(company: Company, group: str) -> tuple[str, ...] | None:
    """The names that a category of a group may have; None where the list of the company's type is not known."""
    if group in ("current_assets", "liabilities"):
        return _CURRENT_ASSETS if group == "current_assets" else _LIABILITIES
    lists = {"cost_of_sales": _COST_OF_SALES, "admin_expenses": _ADMIN_EXPENSES}.get(group)
    kind = str(company.settings.get("type", ""))
    if lists is None or (kind.startswith("Uk") and kind not in lists):
        return None
    names = lists.get(kind, lists[""])
    # Source: https://dev.freeagent.com/docs/categories (only if CIS for Contractors is switched on)
    return names if company.settings.get("cis_contractor") else tuple(name for name in names if name not in _CIS)


def shown(name: str) -> str:
    """How a name is told."""
    return name.replace("_", " ").capitalize()


def given(name: str) -> str:
    """A name as it is given, whichever way it was written."""
    return name.strip().lower().replace(" ", "_")
