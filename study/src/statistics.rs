//! Medians with bootstrap intervals. Draws are made by a fixed generator: the same rows give the same interval.

/// A median and the middle 95 % of its bootstrap.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

const DRAWS: usize = 2_000;

struct Draw(u64);

impl Draw {
    fn below(&mut self, len: usize) -> usize {
        // xorshift64*: even enough for drawing from a handful.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let word = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(word).unwrap_or(0) % len
    }
}

/// The middle of some values; of an even number the mean of the two in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => sorted[len / 2],
        len => f64::midpoint(sorted[len / 2 - 1], sorted[len / 2]),
    }
}

/// The value that this share of the values is below.
pub fn percentile(sorted: &[u64], share: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length"
    )]
    #[expect(clippy::cast_precision_loss, reason = "lengths are small")]
    let at = (share * sorted.len() as f64) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}

fn bootstrap(len: usize, statistic: impl Fn(&mut dyn FnMut() -> usize) -> f64) -> (f64, f64) {
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    let mut found: Vec<f64> =
        (0..DRAWS).map(|_| statistic(&mut || draw.below(len))).filter(|v| v.is_finite()).collect();
    found.sort_by(f64::total_cmp);
    let last = found.len().saturating_sub(1);
    let at = |share: usize| found.get(last * share / 1000).copied().unwrap_or(f64::NAN);
    (at(25), at(975))
}

/// The median of some values.
pub fn estimate(values: &[f64]) -> Estimate {
    if values.is_empty() {
        return Estimate { median: f64::NAN, low: f64::NAN, high: f64::NAN };
    }
    let (low, high) = bootstrap(values.len(), |draw| {
        median(&values.iter().map(|_| values[draw()]).collect::<Vec<_>>())
    });
    Estimate { median: median(values), low, high }
}

/// The quotient of two medians.
pub fn ratio(above: &[f64], below: &[f64]) -> Estimate {
    if above.is_empty() || below.is_empty() {
        return estimate(&[]);
    }
    let len = above.len() * below.len();
    let (low, high) = bootstrap(len, |draw| {
        let one: Vec<f64> = above.iter().map(|_| above[draw() % above.len()]).collect();
        let other: Vec<f64> = below.iter().map(|_| below[draw() % below.len()]).collect();
        median(&one) / median(&other)
    });
    Estimate { median: median(above) / median(below), low, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_the_median() {
        let values = [3.0, 1.0, 2.0, 5.0, 4.0];
        let found = estimate(&values);
        assert!((found.median - 3.0).abs() < 1e-9);
        assert!(found.low <= found.median && found.median <= found.high);
        let found = ratio(&values, &[1.0]);
        assert!((found.median - 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        assert_eq!(percentile(&[1, 2, 3, 4], 0.5), 3);
        assert_eq!(percentile(&[1, 2, 3, 4], 0.99), 4);
        assert_eq!(percentile(&[], 0.5), 0);
    }
}
