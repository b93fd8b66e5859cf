//! Options of a record that stand in its body (`model_config = ConfigDict(...)`) or are inherited from its bases.

use ruff_python_ast::{Expr, Keyword, Stmt, StmtClassDef};

use super::records::{RecordModel, model_of_options};
use crate::types::{ClassInfo, Cx, DataclassOptions, MroEntry};

/// The options that a class has once those of its bases and body are in: `own` is what its transform says.
pub fn configured(
    cx: &Cx<'_>,
    info: &ClassInfo,
    stmt: &StmtClassDef,
    own: DataclassOptions,
) -> DataclassOptions {
    let Some(model) = model_of_options(own) else { return own };
    let mut options = own;
    let inherited = [
        DataclassOptions::OPEN,
        DataclassOptions::BY_NAME,
        DataclassOptions::OPTIONAL,
        DataclassOptions::FROZEN,
    ];
    for base in info.bases.iter().filter_map(|&base| cx.info_of(base)?.dataclass) {
        for flag in inherited {
            if base.contains(flag) {
                options.insert(flag);
            }
        }
    }
    let is_filled = info.mro.iter().any(|entry| match *entry {
        MroEntry::Class(base, _) => model.from_elsewhere.iter().any(|&(module, name)| {
            *cx.host.class(cx, base).name == *name && *cx.host.module(base.module).name == *module
        }),
        MroEntry::Dynamic(_) => false,
    });
    let mut reader = Reader { model, options };
    for statement in &stmt.body {
        reader.statement(statement);
    }
    for decorator in &stmt.decorator_list {
        let Expr::Call(call) = &decorator.expression else { continue };
        if model.elsewhere.iter().any(|name| call.arguments.find_keyword(name).is_some()) {
            reader.unknown();
        }
    }
    for keyword in stmt.arguments.iter().flat_map(|arguments| &arguments.keywords) {
        reader.keyword(keyword);
    }
    if is_filled {
        // The class itself takes more than its fields: where to look for them.
        reader.options.insert(DataclassOptions::OPTIONAL.union(DataclassOptions::OPEN));
    }
    reader.options
}

struct Reader {
    model: &'static RecordModel,
    options: DataclassOptions,
}

impl Reader {
    fn is_config(&self, target: &Expr) -> bool {
        matches!(target, Expr::Name(name) if self.model.config.contains(&name.id.as_str()))
    }

    fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Assign(assign) if assign.targets.iter().any(|target| self.is_config(target)) => {
                self.value(&assign.value);
            }
            Stmt::AnnAssign(assign) if self.is_config(&assign.target) => {
                if let Some(value) = &assign.value {
                    self.value(value);
                }
            }
            Stmt::ClassDef(class) if self.model.config.contains(&class.name.as_str()) => {
                for stmt in &class.body {
                    let Stmt::Assign(assign) = stmt else { continue };
                    if let [Expr::Name(name)] = &*assign.targets {
                        self.option(&name.id, &assign.value);
                    }
                }
                if !class.bases().is_empty() {
                    self.unknown();
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, value: &Expr) {
        match value {
            Expr::Call(call) if call.arguments.args.is_empty() => {
                for keyword in &call.arguments.keywords {
                    self.keyword(keyword);
                }
            }
            Expr::Dict(dict) => {
                for item in &dict.items {
                    match &item.key {
                        Some(Expr::StringLiteral(key)) => {
                            self.option(key.value.to_str(), &item.value);
                        }
                        _ => self.unknown(),
                    }
                }
            }
            _ => self.unknown(),
        }
    }

    fn keyword(&mut self, keyword: &Keyword) {
        match &keyword.arg {
            Some(name) => self.option(name, &keyword.value),
            None => self.unknown(),
        }
    }

    fn option(&mut self, name: &str, value: &Expr) {
        let switch = value.as_boolean_literal_expr().map(|literal| literal.value);
        if self.model.by_name.contains(&name) {
            self.set(DataclassOptions::BY_NAME, switch.unwrap_or(true));
        } else if self.model.renaming.contains(&name) && !value.is_none_literal_expr() {
            self.unknown();
        } else if name == self.model.others.0 {
            let lets_in = match value {
                Expr::StringLiteral(text) => text.value.to_str() == self.model.others.1,
                Expr::Attribute(member) => member.attr.as_str() == self.model.others.1,
                _ => true,
            };
            self.set(DataclassOptions::OPEN, lets_in);
        } else if name == "frozen" {
            self.set(DataclassOptions::FROZEN, switch.unwrap_or(false));
        }
    }

    fn set(&mut self, flag: DataclassOptions, on: bool) {
        if on {
            self.options.insert(flag);
        } else {
            self.options.remove(flag);
        }
    }

    /// Options that are not known: any name may be one that `__init__` takes, and none is surely needed.
    fn unknown(&mut self) {
        let open = DataclassOptions::OPEN.union(DataclassOptions::BY_NAME);
        self.options.insert(open.union(DataclassOptions::OPTIONAL));
    }
}
