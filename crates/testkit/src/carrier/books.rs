//! What the carrier does with its books.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{CODE, CarrierManner, PhoneCarrier, RefundStands};

/// How many wrong passcodes it takes.
const TRIES: u8 = 5;
/// How many refunds it puts on one page, however many it is asked for.
const PAGE: usize = 2;

#[derive(Default)]
pub(super) struct State {
    pub manner: CarrierManner,
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    pub requests: HashMap<String, usize>,
}

pub(super) struct Payment {
    number: String,
    correlator: String,
    pub reference: String,
    charging: Value,
    pub minor: i64,
    pub status: &'static str,
    tries: u8,
    pub accepted: bool,
}

pub(super) struct Refund {
    payment: usize,
    correlator: String,
    charging: Value,
    minor: i64,
    pub status: RefundStands,
}

pub(super) type Said = Result<(u16, Value), (u16, &'static str)>;

impl State {
    pub(super) fn said(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> Said {
        match (method, path) {
            ("POST", ["payments", "prepare"]) => self.prepare(&body["amountTransaction"]),
            ("GET", ["payments", id]) => self.find(id).map(|index| (200, self.payment(index))),
            ("POST", ["payments", id, "validate"]) => self.validate(id, body),
            ("POST", ["payments", id, "confirm"]) => self.confirm(id, body),
            ("POST", ["payments", id, "cancel"]) => self.cancel(id, body),
            ("POST", ["payments", id, "refunds"]) => self.refund(id, &body["amountTransaction"]),
            ("GET", ["payments", id, "refunds"]) => self.refunds(id, query),
            _ => Err((404, "NOT_FOUND")),
        }
    }

    fn prepare(&mut self, of: &Value) -> Said {
        let text = |name: &str| of[name].as_str().unwrap_or_default().to_owned();
        let charging = of["paymentAmount"]["chargingInformation"].clone();
        let minor = minor(&charging).ok_or((400, "INVALID_ARGUMENT"))?;
        let (number, correlator) = (text("phoneNumber"), text("clientCorrelator"));
        let known = self
            .payments
            .iter()
            .position(|known| known.correlator == correlator);
        match known {
            Some(index) if self.manner.repeats => return Ok((201, self.payment(index))),
            Some(_) => return Err((409, "ALREADY_EXISTS")),
            None => {}
        }
        match number.as_str() {
            PhoneCarrier::BARRED => return Err((403, "CARRIER_BILLING.PAYMENT_DENIED")),
            PhoneCarrier::LOW if minor > 100 => {
                return Err((422, "CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED"));
            }
            _ => {}
        }
        let status = if number == PhoneCarrier::UNASKED {
            "reserved"
        } else {
            "pending_validation"
        };
        self.payments.push(Payment {
            number,
            correlator,
            reference: text("referenceCode"),
            charging,
            minor,
            status,
            tries: 0,
            accepted: false,
        });
        Ok((201, self.payment(self.payments.len() - 1)))
    }

    fn validate(&mut self, id: &str, body: &Value) -> Said {
        let index = self.find(id)?;
        let payment = &mut self.payments[index];
        if payment.status != "pending_validation" {
            return Err((409, "ALREADY_EXISTS"));
        }
        if body["authorizationId"] != format!("auth-{index}") {
            return Err((400, "CARRIER_BILLING.INVALID_AUTHORIZATION_ID"));
        }
        if body["code"] == CODE {
            payment.status = "reserved";
            return Ok((204, Value::Null));
        }
        payment.tries += 1;
        if payment.tries == TRIES {
            payment.status = "denied";
            return Err((400, "CARRIER_BILLING.VALIDATION_FAILED"));
        }
        Err((400, "CARRIER_BILLING.INVALID_CODE"))
    }

    fn confirm(&mut self, id: &str, body: &Value) -> Said {
        let index = self.find(id)?;
        let payment = &mut self.payments[index];
        if body["phoneNumber"] != payment.number.as_str() {
            return Err((404, "IDENTIFIER_NOT_FOUND"));
        }
        match (payment.status, payment.accepted) {
            ("reserved", false) => {}
            ("cancelled", _) => return Err((409, "CARRIER_BILLING.PAYMENT_CANCELLED")),
            (_, true) => return Err((409, "CARRIER_BILLING.PAYMENT_CONFIRMED")),
            _ => return Err((403, "PERMISSION_DENIED")),
        }
        payment.accepted = true;
        match payment.number.as_str() {
            PhoneCarrier::SLOW => {}
            PhoneCarrier::DECLINED => payment.status = "denied",
            _ => payment.status = "succeeded",
        }
        Ok((202, Value::Null))
    }

    fn cancel(&mut self, id: &str, body: &Value) -> Said {
        let index = self.find(id)?;
        let payment = &mut self.payments[index];
        if body["phoneNumber"] != payment.number.as_str() {
            return Err((404, "IDENTIFIER_NOT_FOUND"));
        }
        match (payment.status, payment.accepted) {
            (_, true) => Err((409, "CARRIER_BILLING.PAYMENT_CONFIRMED")),
            ("reserved" | "pending_validation", false) => {
                payment.status = "cancelled";
                Ok((202, Value::Null))
            }
            _ => Err((409, "CARRIER_BILLING.PAYMENT_CANCELLED")),
        }
    }

    fn refund(&mut self, id: &str, of: &Value) -> Said {
        let payment = self.find(id)?;
        let charging = of["refundAmount"]["chargingInformation"].clone();
        let minor = minor(&charging).ok_or((400, "INVALID_ARGUMENT"))?;
        let correlator = of["clientCorrelator"].as_str().unwrap_or_default().to_owned();
        if self.payments[payment].status != "succeeded" {
            return Err((422, "CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS"));
        }
        if !self.manner.careless {
            if self.refunds.iter().any(|known| known.correlator == correlator) {
                return Err((400, "INVALID_ARGUMENT"));
            }
            if self.refunded(payment) + minor > self.payments[payment].minor {
                return Err((422, "CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT"));
            }
        }
        self.refunds.push(Refund {
            payment,
            correlator,
            charging,
            minor,
            status: self.manner.refunds,
        });
        Ok((201, self.shown(self.refunds.len() - 1)))
    }

    fn refunds(&self, id: &str, query: &str) -> Said {
        let payment = self.find(id)?;
        let page = query
            .split('&')
            .find_map(|part| part.strip_prefix("page=")?.parse::<usize>().ok());
        let of_payment = |index: &usize| self.refunds[*index].payment == payment;
        let refunds = (0..self.refunds.len()).rev().filter(of_payment);
        let page = refunds.skip((page.unwrap_or(1) - 1) * PAGE).take(PAGE);
        Ok((200, page.map(|index| self.shown(index)).collect()))
    }

    pub(super) fn refunded(&self, payment: usize) -> i64 {
        let counts = |refund: &&Refund| refund.payment == payment && refund.status != RefundStands::Denied;
        self.refunds
            .iter()
            .filter(counts)
            .map(|refund| refund.minor)
            .sum()
    }

    fn find(&self, id: &str) -> Result<usize, (u16, &'static str)> {
        let index = id.strip_prefix("pay-").and_then(|index| index.parse().ok());
        let index = index.filter(|index| *index < self.payments.len());
        index.ok_or((404, "NOT_FOUND"))
    }

    fn payment(&self, index: usize) -> Value {
        let payment = &self.payments[index];
        let mut shown = json!({
            "paymentId": format!("pay-{index}"),
            "paymentStatus": payment.status,
            "paymentCreationDate": "2026-12-01T00:00:00Z",
            "amountTransaction": {
                "phoneNumber": payment.number,
                "clientCorrelator": payment.correlator,
                "referenceCode": payment.reference,
                "paymentAmount": { "chargingInformation": payment.charging },
            },
        });
        if payment.status == "pending_validation" {
            shown["validationInfo"] = if payment.number == PhoneCarrier::PAGE {
                json!({ "action": "open", "validationURL": format!("http://127.0.0.1:1/{index}") })
            } else {
                json!({ "action": "validate", "authorizationId": format!("auth-{index}") })
            };
        }
        shown
    }

    fn shown(&self, index: usize) -> Value {
        let refund = &self.refunds[index];
        let status = match refund.status {
            RefundStands::Succeeded => "succeeded",
            RefundStands::Processing => "processing",
            RefundStands::Denied => "denied",
        };
        json!({
            "refundId": format!("ref-{index}"),
            "refundStatus": status,
            "type": "partial",
            "refundCreationDate": "2026-12-01T00:00:00Z",
            "amountTransaction": {
                "clientCorrelator": refund.correlator,
                "refundAmount": { "chargingInformation": refund.charging },
            },
        })
    }
}

/// Cents of an amount in euro.
fn minor(charging: &Value) -> Option<i64> {
    let text = charging["amount"].as_number()?.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let cents = format!("{part:0<2}").parse::<i64>().ok()?;
    (charging["currency"] == "EUR" && part.len() <= 2).then_some(whole.parse::<i64>().ok()? * 100 + cents)
}
