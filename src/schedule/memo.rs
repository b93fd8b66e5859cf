//! What has been asked and answered: keys, answers, and the tables that hold the published ones.
//!
//! Hot questions have a cell of one word, dense by the number of the definition; rare ones share a directory.

use std::hash::{BuildHasher, Hash};
use std::sync::OnceLock;

use indexmap::{Equivalent, IndexMap};
use parking_lot::RwLock;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::index::{DefinitionKind, SemanticIndex};
use crate::store::{Arena, Directory, MemoTable, Slice};
use crate::types::{
    AliasInfo, ClassInfo, ClassRef, Data, DefRef, DefinitionTypes, Field, FunctionInfo, ModuleId,
    PlaceType, Type, TypeVarInfo, Variance,
};

/// The kinds of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Question {
    TypeParams,
    Class,
    Function,
    Definition,
    Return,
    ClassMember,
    ModuleMember,
    TypeVar,
    Alias,
    Fields,
    Variance,
    /// What a function returns when all its arguments are given.
    ReturnOfGiven,
}

/// A question. The order of keys is the canonical one: module, definition, kind, name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key<'k> {
    pub module: u32,
    pub index: u32,
    pub question: Question,
    /// Of a member; empty otherwise.
    pub name: &'k str,
}

impl<'k> Key<'k> {
    pub fn definition(question: Question, definition: DefRef) -> Self {
        Self { module: definition.module.0, index: definition.index, question, name: "" }
    }

    pub fn class(question: Question, class: ClassRef) -> Self {
        Self { module: class.module.0, index: class.index, question, name: "" }
    }

    pub fn module_member(module: ModuleId, name: &'k str) -> Self {
        Self { module: module.0, index: u32::MAX, question: Question::ModuleMember, name }
    }

    pub fn module_id(&self) -> ModuleId {
        ModuleId(self.module)
    }

    pub fn def_ref(&self) -> DefRef {
        DefRef { module: self.module_id(), index: self.index }
    }

    pub fn class_ref(&self) -> ClassRef {
        ClassRef { module: self.module_id(), index: self.index }
    }
}

/// An answer; what it points to is in an arena and stays for the whole run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Definition(DefinitionTypes),
    Function(&'static FunctionInfo),
    Type(Type),
    Class(&'static ClassInfo),
    Types(Slice<Type>),
    Member(Option<PlaceType>),
    TypeVar(&'static TypeVarInfo),
    Alias(&'static AliasInfo),
    Fields(&'static [Field]),
    Variances(&'static [Variance]),
}

/// Which definitions of a module are of one kind, and the how-manieth each of them is.
struct Ranks {
    words: Box<[(u64, u32)]>,
    len: usize,
}

impl Ranks {
    fn new(index: &SemanticIndex, kind: DefinitionKind) -> Self {
        let mut words = vec![(0_u64, 0_u32); index.definitions.len().div_ceil(64)];
        let mut len = 0;
        for (at, definition) in index.definitions.iter().enumerate() {
            if at % 64 == 0 {
                words[at / 64].1 = len;
            }
            if definition.kind == kind {
                words[at / 64].0 |= 1 << (at % 64);
                len += 1;
            }
        }
        Self { words: words.into(), len: len as usize }
    }

    fn get(&self, index: u32) -> Option<usize> {
        let (word, before) = *self.words.get(index as usize / 64)?;
        let bit = 1_u64 << (index % 64);
        (word & bit != 0).then(|| before as usize + (word & (bit - 1)).count_ones() as usize)
    }
}

/// The dense tables of one module.
struct ModuleMemos {
    definitions: MemoTable<DefinitionTypes>,
    functions: Ranks,
    signatures: MemoTable<FunctionInfo>,
    returns: MemoTable<Type>,
    classes: Ranks,
    infos: MemoTable<ClassInfo>,
    type_params: MemoTable<Slice<Type>>,
}

impl ModuleMemos {
    fn new(index: &SemanticIndex) -> Self {
        let functions = Ranks::new(index, DefinitionKind::Function);
        let classes = Ranks::new(index, DefinitionKind::Class);
        Self {
            definitions: MemoTable::new(index.definitions.len()),
            signatures: MemoTable::new(functions.len),
            returns: MemoTable::new(functions.len),
            infos: MemoTable::new(classes.len),
            type_params: MemoTable::new(classes.len),
            functions,
            classes,
        }
    }

    fn bytes(&self) -> usize {
        let ranks = size_of_val(&*self.functions.words) + size_of_val(&*self.classes.words);
        let tables = self.definitions.bytes()
            + self.signatures.bytes()
            + self.returns.bytes()
            + self.infos.bytes()
            + self.type_params.bytes();
        ranks + tables
    }
}

/// All published answers.
pub(super) struct Memos {
    /// Made when the first answer of the module is published.
    modules: Box<[OnceLock<ModuleMemos>]>,
    /// Questions without a cell of their own.
    rare: Directory<(Question, u32, u32), RareAnswer>,
    members: Members,
}

/// Answers are plain references into arenas and may cross threads.
#[derive(Clone, Copy)]
struct RareAnswer(Answer);

impl Memos {
    /// Empty tables for so many modules.
    pub fn new(modules: usize) -> Self {
        Self {
            modules: (0..modules).map(|_| OnceLock::new()).collect(),
            rare: Directory::with_capacity(1024),
            members: Members::default(),
        }
    }

    /// The published answer.
    pub fn get(&'static self, key: &Key<'_>) -> Option<Answer> {
        let memos = self.modules.get(key.module as usize)?.get()?;
        let dense = match key.question {
            Question::Definition => {
                let answer = memos.definitions.get(key.index as usize);
                return answer.map(|&types| Answer::Definition(types));
            }
            Question::ClassMember | Question::ModuleMember => {
                return self.members.get(key).map(|m| Answer::Member(m.copied()));
            }
            Question::Function => memos
                .functions
                .get(key.index)
                .map(|at| memos.signatures.get(at).map(Answer::Function)),
            Question::Return => memos
                .functions
                .get(key.index)
                .map(|at| memos.returns.get(at).map(|&t| Answer::Type(t))),
            Question::Class => {
                memos.classes.get(key.index).map(|at| memos.infos.get(at).map(Answer::Class))
            }
            Question::TypeParams => memos
                .classes
                .get(key.index)
                .map(|at| memos.type_params.get(at).map(|&t| Answer::Types(t))),
            Question::TypeVar
            | Question::Alias
            | Question::Fields
            | Question::Variance
            | Question::ReturnOfGiven => None,
        };
        match dense {
            Some(answer) => answer,
            None => self.rare.get(&(key.question, key.module, key.index)).map(|answer| answer.0),
        }
    }

    /// Publishes an answer unless there is one; returns what is there. `index` is that of the module.
    pub fn publish(
        &'static self,
        arena: &'static Arena<Data>,
        key: &Key<'static>,
        answer: Answer,
        index: impl FnOnce() -> &'static SemanticIndex,
    ) -> Answer {
        let Some(memos) = self.modules.get(key.module as usize) else { return answer };
        let memos = memos.get_or_init(|| ModuleMemos::new(index()));
        let function = || memos.functions.get(key.index);
        let class = || memos.classes.get(key.index);
        match answer {
            Answer::Definition(types) => {
                let value = keep_plain(arena, types);
                Answer::Definition(*memos.definitions.publish(key.index as usize, value))
            }
            Answer::Member(member) => {
                let member = member.map(|place| keep_plain(arena, place));
                Answer::Member(self.members.publish(*key, member).copied())
            }
            Answer::Function(info) if function().is_some() => {
                Answer::Function(memos.signatures.publish(function().unwrap_or(usize::MAX), info))
            }
            Answer::Type(ty) if key.question == Question::Return && function().is_some() => {
                let value = keep_plain(arena, ty);
                Answer::Type(*memos.returns.publish(function().unwrap_or(usize::MAX), value))
            }
            Answer::Class(info) if class().is_some() => {
                Answer::Class(memos.infos.publish(class().unwrap_or(usize::MAX), info))
            }
            Answer::Types(types) if class().is_some() => {
                let value = keep_plain(arena, types);
                Answer::Types(*memos.type_params.publish(class().unwrap_or(usize::MAX), value))
            }
            _ => {
                let id = (key.question, key.module, key.index);
                self.rare.publish(id, RareAnswer(answer)).0
            }
        }
    }

    /// Counts and bytes by structure.
    pub fn usage(&self) -> Vec<(&'static str, usize, usize)> {
        let made = || self.modules.iter().filter_map(OnceLock::get);
        let filled = |of: fn(&ModuleMemos) -> usize| made().map(of).sum::<usize>();
        let tables: usize = made().map(ModuleMemos::bytes).sum();
        let (members, member_bytes) = self.members.usage();
        vec![
            ("memo tables", made().count(), tables),
            ("  definitions answered", filled(|m| m.definitions.filled()), 0),
            ("  signatures answered", filled(|m| m.signatures.filled()), 0),
            ("  results answered", filled(|m| m.returns.filled()), 0),
            ("  classes answered", filled(|m| m.infos.filled()), 0),
            // Measured: 145 to 195 bytes an entry.
            ("directory", self.rare.len(), self.rare.len() * 195),
            ("members", members, member_bytes),
        ]
    }
}

/// Copies plain data into an arena for the whole run.
fn keep_plain<T: Copy>(arena: &'static Arena<Data>, value: T) -> &'static T {
    &arena.slice(&[value]).as_slice()[0]
}

const SHARDS: usize = 64;

/// Members of classes and modules by name. Keys are compared whole: a hash is never an identity.
struct Members {
    shards: Box<[RwLock<Shard>]>,
}

type Shard = IndexMap<OwnKey, Option<&'static PlaceType>, FxBuildHasher>;

#[derive(PartialEq, Eq)]
struct OwnKey(Key<'static>);

impl Hash for OwnKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[derive(Hash)]
struct AskedKey<'k>(Key<'k>);

impl Equivalent<OwnKey> for AskedKey<'_> {
    fn equivalent(&self, key: &OwnKey) -> bool {
        self.0 == key.0
    }
}

impl Default for Members {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl Members {
    fn shard(&self, key: &Key<'_>) -> &RwLock<Shard> {
        let hash = FxBuildHasher.hash_one(key);
        // The high bits: the map within uses the low ones.
        &self.shards[(hash >> 52) as usize % SHARDS]
    }

    fn get(&self, key: &Key<'_>) -> Option<Option<&'static PlaceType>> {
        self.shard(key).read().get(&AskedKey(*key)).copied()
    }

    fn publish(
        &self,
        key: Key<'static>,
        member: Option<&'static PlaceType>,
    ) -> Option<&'static PlaceType> {
        *self.shard(&key).write().entry(OwnKey(key)).or_insert(member)
    }

    fn usage(&self) -> (usize, usize) {
        let lens = self.shards.iter().map(|shard| {
            let shard = shard.read();
            (shard.len(), shard.capacity())
        });
        let (len, capacity) = lens.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        // An entry, its hash, and its place in the table.
        let entry = size_of::<Key<'_>>() + size_of::<Option<&PlaceType>>() + 16;
        (len, capacity * entry + len * size_of::<PlaceType>())
    }
}

/// Answers to "is this assignable to that", both composite, by fingerprints. Bounded: a shard that is
/// full starts again from empty, which costs time and changes no answer.
pub(super) struct Relations {
    shards: Box<[RwLock<RelationShard>]>,
}

type RelationShard = FxHashMap<(u128, u128), bool>;

/// Entries of one shard.
const RELATIONS: usize = 6_000;

impl Default for Relations {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl Relations {
    fn shard(&self, key: (u128, u128)) -> &RwLock<RelationShard> {
        // Fingerprints are well mixed already.
        &self.shards[((key.0 ^ key.1) % SHARDS as u128) as usize]
    }

    /// The cached answer.
    pub fn get(&self, key: (u128, u128)) -> Option<bool> {
        self.shard(key).read().get(&key).copied()
    }

    /// Remembers an answer.
    pub fn insert(&self, key: (u128, u128), answer: bool) {
        let mut shard = self.shard(key).write();
        if shard.len() >= RELATIONS {
            shard.clear();
        }
        shard.insert(key, answer);
    }

    /// Count and bytes.
    pub fn usage(&self) -> (usize, usize) {
        let count: usize = self.shards.iter().map(|shard| shard.read().len()).sum();
        let room: usize = self.shards.iter().map(|shard| shard.read().capacity()).sum();
        (count, room * (size_of::<((u128, u128), bool)>() + 1))
    }
}
