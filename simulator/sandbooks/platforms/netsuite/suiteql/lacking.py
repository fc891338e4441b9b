"""Names that SuiteQL knows and the simulator does not: queries for them are told so, and not of a misspelling."""

from __future__ import annotations

# Tables of the live service that the simulator lacks: named, so that they are not taken for misspellings.
# Source: cdn.cdata.com/help/DNM (tables of SuiteQL); timdietrich.me/blog (queries)
LACKING_TABLES = frozenset(
    (
        "accountingbook", "accountsubsidiarymap", "aggregateitemlocation", "appdefinition", "approvalstatus",
        "billingaccount", "billingschedule", "bin", "bom", "bomrevision", "budgetexchangerate", "budgets",
        "calendarevent", "campaign", "charge", "companyfeaturesetup",
        "country", "customerpaymentitem", "customersubsidiaryrelationship",
        "customfield", "customlist", "customrecordtype", "customsegment", "deletedrecord",
        "employeecorporatecardmap", "employeeexpensesourcetype", "employeestatus", "employeesubscription",
        "employeetype", "entityaddress", "entityaddressbook", "entitygroup", "entitystatus",
        "fulfillmentrequest", "inboundshipment", "integration", "inventorybalance", "inventoryitemlocations",
        "inventorynumber", "itemaccountmapping", "itemcollection", "itemmember", "itempricelevel",
        "itemsubsidiarymap", "itemtype", "itemvendor", "jobresource", "jobstatus", "jobtype",
        "locationsubsidiarymap", "loginaudit", "mediaitemfolder", "memdoc", "memdocsched", "message", "nexus",
        "note", "oauthtoken", "opportunity", "othername", "partner", "paymentmethod", "phonecall", "pricelevel",
        "pricing", "projecttask", "revenueelement", "revenueplan", "role", "rolepermissions", "script",
        "scriptdeployment", "scriptexecutionlog", "subscription", "supportcase", "systemnote", "systemnote2",
        "task", "taxacct", "taxdetail", "taxgroup", "taxperiod", "timebill", "timesheet",
        "transactionaddressbook", "transactionbillingaddress", "transactionhistory",
        "transactionnumberingauditlog", "transactionshippingaddress", "transactionstatus", "transactiontype",
        "unitstype", "unitstypeuom", "usereventscript", "vendoraddressbook", "workflow", "workflowinstance",
    )
)  # fmt: skip

# Columns of these tables that the live service has and the simulator lacks.
# Source: cdn.cdata.com/help/DNM (columns of SuiteQL); queries of public clients
LACKING_COLUMNS: dict[str, frozenset[str]] = {
    "transaction": frozenset(
        (
            "actionitem", "altsalestotal", "billingaddress", "billingstatus", "closedate", "committed",
            "createdby", "customform", "customtype", "daysopen", "daysoverduesearch", "email", "employee",
            "enddate", "entitystatus", "estgrossprofit", "estgrossprofitpercent", "expectedclosedate",
            "fax", "foreignpaymentamountunused", "foreignpaymentamountused", "incoterm", "isbudgetapproved",
            "isfinchrg", "isreversal", "journaltype", "lastmodifiedby", "leadsource",
            "linkedtrackingnumberlist", "memdoc", "message", "netaltsalestotal", "nextbilldate", "nexus",
            "number", "opportunity", "ordpicked", "ordreceived", "otherrefnum", "partner", "paymenthold",
            "paymentmethod", "paymentoption", "printedpickingticket", "probability", "reversal",
            "shipcarrier", "shipcomplete", "shipdate", "shippingaddress", "source", "sourcetransaction",
            "startdate", "title", "tosubsidiary", "totalcostestimate", "trackingnumberlist",
            "transferlocation", "typebaseddocumentnumber", "visibletocustomer", "website",
        )
    ),
    "transactionline": frozenset(
        (
            "accountinglinetype", "amortizationenddate", "amortizationsched", "amortizstartdate",
            "billeddate", "billvariancestatus", "category", "cleared", "cleareddate", "closedate",
            "costestimate", "costestimaterate", "costestimatetype", "createdfrom", "createdpo",
            "documentnumber", "donotdisplayline", "estgrossprofit", "estgrossprofitpercent",
            "expectedreceiptdate", "expectedshipdate", "foreignamountpaid", "foreignamountunpaid",
            "foreignpaymentamountunused", "foreignpaymentamountused", "fxamountlinked",
            "hasfulfillableitems", "isbillable", "iscogs", "isfullyshipped", "isfxvariance",
            "isinventoryaffecting", "isrevrectransaction", "item", "itemtype", "linelastmodifieddate",
            "matchbilltoreceipt", "paymentmethod", "price", "processedbyrevcommit", "quantity",
            "quantitybackordered", "quantitybilled", "quantitycommitted", "quantitypacked",
            "quantitypicked", "quantityshiprecv", "rate", "rateamount", "ratepercent", "revenueelement",
            "shipmethod", "transactiondiscount", "transactionlinetype", "units",
        )
    ),
    "vendor": frozenset(
        (
            "altemail", "altphone", "balanceprimary", "creditlimit", "defaultbillingaddress",
            "emailpreference", "emailtransactions", "entitynumber", "fax", "faxtransactions", "giveaccess",
            "incoterm", "is1099eligible", "isjobresourcevend", "laborcost", "mobilephone", "openingbalance",
            "openingbalancedate", "predicteddays", "printoncheckas", "printtransactions", "title",
            "unbilledorders", "unbilledordersprimary",
        )
    ),
    "customer": frozenset(
        (
            "accountnumber", "altemail", "altphone", "balancesearch", "consolbalancesearch",
            "consoloverduebalancesearch", "creditlimit", "dateclosed", "defaultbillingaddress",
            "defaultshippingaddress", "emailpreference", "emailtransactions", "enddate", "entitynumber",
            "entitystatus", "fax", "firstorderdate", "firstsaledate", "giveaccess", "homephone", "language",
            "lastorderdate", "lastsaledate", "leadsource", "middlename", "mobilephone", "oncredithold",
            "overduebalancesearch", "partner", "pricelevel", "printoncheckas", "receivablesaccount",
            "resalenumber", "salesrep", "salutation", "searchstage", "shipcomplete", "shippingcarrier",
            "shippingitem", "startdate", "terms", "territory", "title", "unbilledorderssearch",
        )
    ),
    "entity": frozenset(
        (
            "altemail", "altphone", "contact", "customer", "employee", "entitynumber", "fax", "firstname",
            "genericresource", "group", "homephone", "isperson", "laborcost", "lastname", "middlename",
            "mobilephone", "othername", "parent", "partner", "project", "projecttemplate", "salutation",
            "title", "toplevelparent", "vendor",
        )
    ),
}  # fmt: skip
