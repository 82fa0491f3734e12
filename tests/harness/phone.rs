//! The phone numbers that the sandbox's carriers know, and what a shopper types of them.

/// What is typed into the form.
#[derive(Clone, Copy, Debug)]
pub struct Phone {
    /// The carrier, by its id.
    pub carrier: &'static str,
    /// The number.
    pub number: &'static str,
}

const fn phone(number: &'static str) -> Phone {
    Phone {
        carrier: "fern",
        number,
    }
}

/// Pays, with €36.50 of €50.00 left this month.
pub const PAYS: Phone = phone("0171 3920000");
/// The carrier declines when it is charged.
pub const DECLINED: Phone = phone("0171 3920002");
/// Takes no passcode.
pub const TAKES_NO_PASSCODE: Phone = phone("0171 3920063");
/// Has €1.00 of €50.00 left this month.
pub const NEAR_ITS_LIMIT: Phone = phone("0171 3920050");
/// May not pay by phone bill.
pub const NOT_ALLOWED: Phone = phone("0171 3920001");
/// Its carrier can't be reached.
pub const UNREACHABLE: Phone = phone("0171 3920019");
/// No answer comes; later it turns out as paid.
pub const SILENT_THEN_PAID: Phone = phone("0171 3920087");

/// The passcode that the sandbox's carriers would send.
pub const PASSCODE: &str = "123456";
