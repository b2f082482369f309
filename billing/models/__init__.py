"""Who sells, who pays, what was ordered, what moved, what was issued."""

from billing.models.account import Account, AccountRole
from billing.models.correction import Correction
from billing.models.customer import Customer
from billing.models.document import INVOICES, Allocation, Document, DocumentKind, DocumentSeries
from billing.models.document_parts import DocumentDeduction, DocumentLine, DocumentVat
from billing.models.drawer import CashCount, CashMovement
from billing.models.dunning import DunningLetter, DunningPause, DunningStep, LateRate
from billing.models.event import Anomaly, PaymentChain, PaymentEvent, StripeEvent
from billing.models.file import DocumentFile, DocumentHandover, DocumentSnapshot
from billing.models.order import Order, OrderLine
from billing.models.payment import Payment, Refund
from billing.models.payout import BalanceMovement, Payout
from billing.models.price import Price
from billing.models.product import PriceBasis, Product
from billing.models.quote import Quote
from billing.models.quote_parts import BuyerCorrection, QuoteFile, QuoteLine
from billing.models.remittance import Remittance, RemittedEvent
from billing.models.seller import Mention, Seller
from billing.models.till import TechnicalEvent, TillArchive, TillClosing
from billing.models.transfer import Transfer
from billing.models.write_off import WriteOff, WriteOffVat

__all__ = [
    "INVOICES",
    "Account",
    "AccountRole",
    "Allocation",
    "Anomaly",
    "BalanceMovement",
    "BuyerCorrection",
    "CashCount",
    "CashMovement",
    "Correction",
    "Customer",
    "Document",
    "DocumentDeduction",
    "DocumentFile",
    "DocumentHandover",
    "DocumentKind",
    "DocumentLine",
    "DocumentSeries",
    "DocumentSnapshot",
    "DocumentVat",
    "DunningLetter",
    "DunningPause",
    "DunningStep",
    "LateRate",
    "Mention",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentChain",
    "PaymentEvent",
    "Payout",
    "Price",
    "PriceBasis",
    "Product",
    "Quote",
    "QuoteFile",
    "QuoteLine",
    "Refund",
    "Remittance",
    "RemittedEvent",
    "Seller",
    "StripeEvent",
    "TechnicalEvent",
    "TillArchive",
    "TillClosing",
    "Transfer",
    "WriteOff",
    "WriteOffVat",
]
