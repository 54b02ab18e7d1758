//! Reads the text of a filter. AND binds more than OR; what has begun is finished or refused, so nothing is read twice.

use winnow::ascii::{Caseless, dec_int, digit1, multispace0};
use winnow::combinator::{
    alt, cut_err, delimited, eof, fail, not, opt, peek, preceded, repeat, separated_foldl1,
    terminated,
};
use winnow::error::ContextError;
use winnow::stream::{LocatingSlice, Stateful};
use winnow::token::{one_of, take_till, take_while};
use winnow::{ModalResult, Parser};

use super::syntax::{Expression, Literal, Operator, Placed, Test};

/// The longest filter, in characters.
const LONGEST: usize = 2_000;
/// The most parentheses inside each other.
const DEEPEST: usize = 16;
/// The most tests; each value of an IN is one.
const MOST: usize = 64;

/// What was used of the limits.
#[derive(Debug, Default)]
struct Used {
    levels: usize,
    tests: usize,
}

type Input<'t> = Stateful<LocatingSlice<&'t str>, Used>;
/// What is wrong is told by the innermost context.
type Error = winnow::error::ErrMode<ContextError<&'static str>>;
type Read<T> = ModalResult<T, ContextError<&'static str>>;

/// The tree of `text`.
///
/// # Errors
/// The byte at which it stops being a filter, and what is wrong there.
pub(super) fn parse(text: &str) -> Result<Expression, (usize, &'static str)> {
    if let Some((byte, _)) = text.char_indices().nth(LONGEST) {
        return Err((byte, "it becomes longer than 2,000 characters"));
    }
    // PostgreSQL cannot hold it, and would say so in an error of its own.
    if let Some(byte) = text.find('\0') {
        return Err((byte, "there is a character that no text can have"));
    }
    let input = Stateful {
        input: LocatingSlice::new(text),
        state: Used::default(),
    };
    let end = eof.context("AND, OR or the end is expected");
    delimited(multispace0, any, end)
        .parse(input)
        .map_err(|error| {
            let message = error.inner().context().next();
            (error.offset(), *message.unwrap_or(&"it is not understood"))
        })
}

fn any(input: &mut Input) -> Read<Expression> {
    separated_foldl1(cut_err(all), keyword("OR"), or).parse_next(input)
}

fn all(input: &mut Input) -> Read<Expression> {
    let part = alt((group, test)).context("a field or an opening parenthesis is expected");
    separated_foldl1(cut_err(part), keyword("AND"), and).parse_next(input)
}

fn or<S>(left: Expression, _: S, right: Expression) -> Expression {
    Expression::Or(Box::new(left), Box::new(right))
}

fn and<S>(left: Expression, _: S, right: Expression) -> Expression {
    Expression::And(Box::new(left), Box::new(right))
}

fn group(input: &mut Input) -> Read<Expression> {
    peek('(').parse_next(input)?;
    if input.state.levels == DEEPEST {
        let message = "more than 16 parentheses are inside each other";
        return cut_err(fail.context(message)).parse_next(input);
    }
    input.state.levels += 1;
    let close = sign(")").context("AND, OR or a closing parenthesis is expected");
    let inside = delimited(sign("("), any, cut_err(close)).parse_next(input)?;
    input.state.levels -= 1;
    Ok(inside)
}

/// A field and what is asked of it.
fn test(input: &mut Input) -> Read<Expression> {
    let field = placed(field).parse_next(input)?;
    let test = |test| Expression::Test(field.clone(), test);
    let equal = |value| test(Test::Compare(Operator::Equal, value));
    let open = sign("(").context("an opening parenthesis is expected");
    let close = sign(")").context("a comma or a closing parenthesis is expected");
    let values = separated_foldl1(cut_err(literal).map(equal), sign(","), or);
    cut_err(alt((
        preceded(keyword("IS"), cut_err(null)).map(test),
        preceded(keyword("LIKE"), cut_err(pattern)).map(test),
        preceded(
            keyword("IN"),
            delimited(cut_err(open), values, cut_err(close)),
        ),
        (operator, cut_err(literal)).map(|(operator, value)| test(Test::Compare(operator, value))),
    )))
    .context("=, !=, <, >, <=, >=, LIKE, IN or IS is expected")
    .parse_next(input)
}

fn field(input: &mut Input) -> Read<String> {
    let closing = '`'.context("a closing back-tick is expected");
    let quoted = delimited(
        '`',
        cut_err(word.context("a field is expected")),
        cut_err(closing),
    );
    terminated(alt((quoted, word)), multispace0)
        .map(str::to_owned)
        .parse_next(input)
}

fn word<'t>(input: &mut Input<'t>) -> Read<&'t str> {
    let first = one_of(|c: char| c.is_ascii_alphabetic() || c == '_');
    (first, take_while(0.., is_word)).take().parse_next(input)
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn operator(input: &mut Input) -> Read<Operator> {
    alt((
        sign("=").value(Operator::Equal),
        sign("!=").value(Operator::NotEqual),
        sign("<=").value(Operator::LessOrEqual),
        sign(">=").value(Operator::GreaterOrEqual),
        sign("<").value(Operator::Less),
        sign(">").value(Operator::Greater),
    ))
    .parse_next(input)
}

fn null(input: &mut Input) -> Read<Test> {
    count(input)?;
    let not_null = (
        keyword("NOT"),
        cut_err(keyword("NULL").context("NULL is expected")),
    );
    alt((
        keyword("NULL").value(Test::IsNull),
        not_null.value(Test::IsNotNull),
    ))
    .context("NULL or NOT NULL is expected")
    .parse_next(input)
}

fn pattern(input: &mut Input) -> Read<Test> {
    count(input)?;
    placed(text)
        .context("a text in single quotes is expected")
        .map(Test::Like)
        .parse_next(input)
}

fn literal(input: &mut Input) -> Read<Placed<Literal>> {
    count(input)?;
    let literal = alt((
        text.map(Literal::Text),
        number.map(Literal::Number),
        keyword("true").value(Literal::Boolean(true)),
        keyword("false").value(Literal::Boolean(false)),
    ));
    placed(literal)
        .context("a text in single quotes, a number, true or false is expected")
        .parse_next(input)
}

/// Counts one more test.
fn count(input: &mut Input) -> Read<()> {
    if input.state.tests == MOST {
        return cut_err(fail.context("more than 64 values are compared")).parse_next(input);
    }
    input.state.tests += 1;
    Ok(())
}

/// A text in single quotes, in which two stand for one.
fn text(input: &mut Input) -> Read<String> {
    let part = alt(("''".value("'"), take_till(1.., '\'')));
    let inside = repeat(0.., part).fold(String::new, |text, part| text + part);
    let closing = '\''.context("a closing quote is expected");
    terminated(delimited('\'', inside, cut_err(closing)), multispace0).parse_next(input)
}

fn number(input: &mut Input) -> Read<i64> {
    peek((opt('-'), digit1)).parse_next(input)?;
    let whole = terminated(dec_int, not('.')).context("a whole number of 64 bits is expected");
    terminated(cut_err(whole), multispace0).parse_next(input)
}

/// A word of the language in any letter case.
fn keyword<'t>(word: &'static str) -> impl Parser<Input<'t>, (), Error> {
    (Caseless(word), not(one_of(is_word)), multispace0).void()
}

fn sign<'t>(sign: &'static str) -> impl Parser<Input<'t>, (), Error> {
    (sign, multispace0).void()
}

fn placed<'t, T>(
    parser: impl Parser<Input<'t>, T, Error>,
) -> impl Parser<Input<'t>, Placed<T>, Error> {
    parser.with_span().map(|(value, span)| Placed {
        byte: span.start,
        value,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::syntax::{Expression, Literal, Operator, Placed, Test};
    use super::parse;

    fn placed<V>(value: V) -> Placed<V> {
        Placed { byte: 0, value }
    }

    fn boxed(
        make: fn(Box<Expression>, Box<Expression>) -> Expression,
        (left, right): (Expression, Expression),
    ) -> Expression {
        make(Box::new(left), Box::new(right))
    }

    fn quoted(text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// Writes a tree as somebody might type it; `loud` chooses the letter case of keywords.
    fn print(expression: &Expression, loud: bool) -> String {
        let word = |word: &str| {
            if loud {
                word.to_owned()
            } else {
                word.to_lowercase()
            }
        };
        // What is read first stands on the left; only what would be read otherwise needs parentheses.
        let inner = |part: &Expression, bare: bool| match part {
            Expression::Test(..) => print(part, loud),
            _ if bare => print(part, loud),
            _ => format!("({})", print(part, loud)),
        };
        match expression {
            Expression::And(left, right) => {
                let bare = matches!(**left, Expression::And(..));
                format!(
                    "{} {} {}",
                    inner(left, bare),
                    word("AND"),
                    inner(right, false)
                )
            }
            Expression::Or(left, right) => {
                let bare = matches!(**right, Expression::And(..));
                format!(
                    "{} {} {}",
                    inner(left, true),
                    word("OR"),
                    inner(right, bare)
                )
            }
            Expression::Test(field, test) => {
                let name = if loud {
                    format!("`{}`", field.value)
                } else {
                    field.value.clone()
                };
                match test {
                    Test::Compare(operator, value) => {
                        let sign = match operator {
                            Operator::Equal => "=",
                            Operator::NotEqual => "!=",
                            Operator::Less => "<",
                            Operator::Greater => ">",
                            Operator::LessOrEqual => "<=",
                            Operator::GreaterOrEqual => ">=",
                        };
                        let value = match &value.value {
                            Literal::Text(value) => quoted(value),
                            Literal::Number(number) => number.to_string(),
                            Literal::Boolean(wanted) => {
                                word(if *wanted { "TRUE" } else { "FALSE" })
                            }
                        };
                        format!("{name}{sign}{value}")
                    }
                    Test::Like(pattern) => {
                        format!("{name} {} {}", word("LIKE"), quoted(&pattern.value))
                    }
                    Test::IsNull => format!("{name} {}", word("IS NULL")),
                    Test::IsNotNull => format!("{name} {}", word("IS NOT NULL")),
                }
            }
        }
    }

    fn tests() -> impl Strategy<Value = Expression> {
        let words = "[^\0]{0,12}";
        let operator = prop_oneof![
            Just(Operator::Equal),
            Just(Operator::NotEqual),
            Just(Operator::Less),
            Just(Operator::Greater),
            Just(Operator::LessOrEqual),
            Just(Operator::GreaterOrEqual),
        ];
        let literal = prop_oneof![
            words.prop_map(Literal::Text),
            any::<i64>().prop_map(Literal::Number),
            any::<bool>().prop_map(Literal::Boolean),
        ];
        let asked = prop_oneof![
            (operator, literal)
                .prop_map(|(operator, value)| Test::Compare(operator, placed(value))),
            words.prop_map(|pattern| Test::Like(placed(pattern))),
            Just(Test::IsNull),
            Just(Test::IsNotNull),
        ];
        ("[a-zA-Z_][a-zA-Z0-9_]{0,8}", asked)
            .prop_map(|(field, test)| Expression::Test(placed(field), test))
    }

    fn trees() -> impl Strategy<Value = Expression> {
        tests().prop_recursive(5, 32, 2, |inner| {
            let pair = (inner.clone(), inner);
            prop_oneof![
                pair.clone().prop_map(|pair| boxed(Expression::And, pair)),
                pair.prop_map(|pair| boxed(Expression::Or, pair)),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(tree in trees(), loud: bool) {
            let text = print(&tree, loud);
            prop_assert_eq!(parse(&text), Ok(tree), "{}", text);
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_heap_of_words_breaks_it(words in proptest::collection::vec(
            proptest::sample::select(vec!["id", "AND", "or", "(", ")", "=", "<", "'", "''", "`", "1", "-", ".", "LIKE", "in", ",", "is", "not", "null", "true", " ", "é"]),
            0..60,
        )) {
            let text = words.concat();
            if let Err((byte, _)) = parse(&text) {
                prop_assert!(text.is_char_boundary(byte));
            }
        }
    }

    #[test]
    fn a_list_is_the_equalities_it_stands_for() {
        assert_eq!(parse("a IN (1, 'b')"), parse("a = 1 OR a = 'b'"));
        assert_eq!(parse("a in(true)AND(b=1)"), parse("a = true AND b = 1"));
    }

    #[test]
    fn and_binds_more_than_or() {
        assert_eq!(parse("a=1 OR b=1 AND c=1"), parse("a=1 OR (b=1 AND c=1)"));
        assert_ne!(parse("a=1 OR b=1 AND c=1"), parse("(a=1 OR b=1) AND c=1"));
    }

    #[test]
    fn limits_hold_at_the_letter() {
        let long = |length: usize| format!("a = '{}'", "é".repeat(length - 6));
        let deep = |levels| format!("{}a=1{}", "(".repeat(levels), ")".repeat(levels));
        let many = |test, count| vec![test; count].join(" OR ");
        let list = |count| format!("a IN ({})", vec!["1"; count].join(","));
        for (text, byte) in [
            (long(2_001), 5 + 2 * 1_995),
            (deep(17), 16),
            (deep(990), 16),
            (many("a=1", 65), 64 * 7 + 2),
            (many("a IS NULL", 65), 64 * 13 + 5),
            (many("a LIKE 'b'", 65), 64 * 14 + 7),
            (list(65), 6 + 128),
        ] {
            assert_eq!(parse(&text).unwrap_err().0, byte, "{text}");
        }
        for text in [
            long(2_000),
            deep(16),
            many("a=1", 64),
            many("(a=1)", 64),
            list(64),
        ] {
            assert!(parse(&text).is_ok(), "{text}");
        }
    }
}
