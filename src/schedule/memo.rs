//! The memo cells of one module: where its published answers are found.
//!
//! Hot questions have a cell of one word, dense by the number of the definition; rare ones share a map.

use std::hash::Hash;

use hashbrown::Equivalent;

use super::keys::{
    Answer, Answers, Definitions, Key, Members, NO_SLOT, Question, Results, TypeLists,
};
use crate::index::{DefinitionKind, SemanticIndex};
use crate::store::{MemoMap, MemoTable, Seal, Seals};
use crate::types::{Classes, Functions, TypeWriter};

/// Which definitions of a module are of one kind, and which place each of them has among these.
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

/// A member of a class, or of the module (then `class` is `u32::MAX`), by name.
#[derive(PartialEq, Eq, Hash)]
struct MemberKey {
    class: u32,
    name: Box<str>,
}

/// The same as somebody asks for it.
#[derive(Hash)]
struct AskedMember<'k> {
    class: u32,
    name: &'k str,
}

impl Equivalent<MemberKey> for AskedMember<'_> {
    fn equivalent(&self, key: &MemberKey) -> bool {
        self.class == key.class && *self.name == *key.name
    }
}

/// See the module's documentation.
pub(super) struct ModuleMemos {
    definitions: MemoTable<Definitions>,
    functions: Ranks,
    signatures: MemoTable<Functions>,
    returns: MemoTable<Results>,
    classes: Ranks,
    infos: MemoTable<Classes>,
    type_params: MemoTable<TypeLists>,
    /// Names that the index numbers.
    members: MemoTable<Members>,
    /// All others.
    other_members: MemoMap<MemberKey, Members>,
    rare: MemoMap<(Question, u32), Answers>,
}

/// Where the cell of a question is.
enum Slot<'k> {
    Definition(usize),
    Signature(usize),
    Return(usize),
    Class(usize),
    TypeParams(usize),
    Member(usize),
    OtherMember(AskedMember<'k>),
    Rare((Question, u32)),
}

impl ModuleMemos {
    /// Empty cells for the module with this index, whose arena has the number `owner`.
    ///
    /// # Safety
    /// They are kept beside that arena and nowhere else, as [`MemoTable::new`] says.
    pub unsafe fn new(index: &SemanticIndex, owner: u32) -> Self {
        let functions = Ranks::new(index, DefinitionKind::Function);
        let classes = Ranks::new(index, DefinitionKind::Class);
        // SAFETY: all of these are part of what is returned, for which the caller vouches.
        unsafe {
            Self {
                definitions: MemoTable::new(index.definitions.len(), owner),
                signatures: MemoTable::new(functions.len, owner),
                returns: MemoTable::new(functions.len, owner),
                infos: MemoTable::new(classes.len, owner),
                type_params: MemoTable::new(classes.len, owner),
                members: MemoTable::new(index.member_count(), owner),
                other_members: MemoMap::new(owner),
                rare: MemoMap::new(owner),
                functions,
                classes,
            }
        }
    }

    /// Inlined, as [`Self::get`] and [`Self::find`] are: the question is a constant where most ask.
    #[inline(always)]
    fn slot<'k>(&self, key: &Key<'k>) -> Slot<'k> {
        let rare = Slot::Rare((key.question, key.index));
        let function = || self.functions.get(key.index);
        let class = || self.classes.get(key.index);
        match key.question {
            Question::Definition => Slot::Definition(key.index as usize),
            Question::Function => function().map_or(rare, Slot::Signature),
            Question::Return => function().map_or(rare, Slot::Return),
            Question::Class => class().map_or(rare, Slot::Class),
            Question::TypeParams => class().map_or(rare, Slot::TypeParams),
            Question::ClassMember if key.slot != NO_SLOT => Slot::Member(key.slot as usize),
            Question::ClassMember | Question::ModuleMember => {
                Slot::OtherMember(AskedMember { class: key.index, name: key.name })
            }
            Question::TypeVar
            | Question::Alias
            | Question::Fields
            | Question::Variance
            | Question::ReturnOfGiven
            | Question::Milestone
            | Question::Looped
            | Question::SeenWithin => rare,
        }
    }

    /// The published answer.
    #[inline]
    pub fn get(&self, key: &Key<'_>, seals: &Seals) -> Option<Answer<'_>> {
        self.find(key, seals, false)
    }

    /// The answer that was first, even if it is one of a set that is not visible yet.
    pub fn get_sealed(&self, key: &Key<'_>, seals: &Seals) -> Option<Answer<'_>> {
        self.find(key, seals, true)
    }

    #[inline(always)]
    fn find(&self, key: &Key<'_>, seals: &Seals, sealed: bool) -> Option<Answer<'_>> {
        match self.slot(key) {
            Slot::Definition(at) => {
                self.definitions.find(at, seals, sealed).map(|&types| Answer::Definition(types))
            }
            Slot::Signature(at) => self.signatures.find(at, seals, sealed).map(Answer::Function),
            Slot::Return(at) => self.returns.find(at, seals, sealed).map(|&ty| Answer::Type(ty)),
            Slot::Class(at) => self.infos.find(at, seals, sealed).map(Answer::Class),
            Slot::TypeParams(at) => {
                self.type_params.find(at, seals, sealed).map(|&types| Answer::Types(types))
            }
            Slot::Member(at) => {
                self.members.find(at, seals, sealed).map(|&member| Answer::Member(member))
            }
            Slot::OtherMember(asked) => {
                let member = self.other_members.find(&asked, seals, sealed);
                member.map(|&member| Answer::Member(member))
            }
            Slot::Rare(key) => self.rare.find(&key, seals, sealed).copied(),
        }
    }

    /// Publishes an answer that is in the module's arena, unless there is one already.
    pub fn publish<'w>(
        &self,
        writer: &TypeWriter<'w>,
        key: &Key<'_>,
        answer: Answer<'w>,
        seal: Option<Seal>,
    ) -> bool {
        match (self.slot(key), answer) {
            (Slot::Definition(at), Answer::Definition(types)) => {
                self.definitions.publish(writer, at, writer.value(types), seal)
            }
            (Slot::Signature(at), Answer::Function(info)) => {
                self.signatures.publish(writer, at, info, seal)
            }
            (Slot::Return(at), Answer::Type(ty)) => {
                self.returns.publish(writer, at, writer.value(ty), seal)
            }
            (Slot::Class(at), Answer::Class(info)) => self.infos.publish(writer, at, info, seal),
            (Slot::TypeParams(at), Answer::Types(types)) => {
                self.type_params.publish(writer, at, writer.value(types), seal)
            }
            (Slot::Member(at), Answer::Member(member)) => {
                self.members.publish(writer, at, writer.value(member), seal)
            }
            (Slot::OtherMember(AskedMember { class, name }), Answer::Member(member)) => {
                let key = MemberKey { class, name: name.into() };
                self.other_members.publish(writer, key, writer.value(member), seal)
            }
            (Slot::Rare(key), answer) => self.rare.publish(writer, key, writer.value(answer), seal),
            _ => panic!("an answer of the wrong kind to {:?}", key.question),
        }
    }

    /// Opens the cell of an answer whose seal is broken.
    pub fn open(&self, key: &Key<'_>, seals: &Seals) {
        match self.slot(key) {
            Slot::Definition(at) => self.definitions.open(at, seals),
            Slot::Signature(at) => self.signatures.open(at, seals),
            Slot::Return(at) => self.returns.open(at, seals),
            Slot::Class(at) => self.infos.open(at, seals),
            Slot::TypeParams(at) => self.type_params.open(at, seals),
            Slot::Member(at) => self.members.open(at, seals),
            Slot::OtherMember(asked) => self.other_members.open(&asked, seals),
            Slot::Rare(key) => self.rare.open(&key, seals),
        }
    }

    /// Counts and bytes.
    pub fn usage(&self) -> MemoUsage {
        let ranks = size_of_val(&*self.functions.words) + size_of_val(&*self.classes.words);
        let tables = self.definitions.bytes()
            + self.signatures.bytes()
            + self.returns.bytes()
            + self.infos.bytes()
            + self.type_params.bytes()
            + self.members.bytes();
        let names = |keys: &mut dyn Iterator<Item = &MemberKey>| keys.map(|k| k.name.len()).sum();
        let (others, member_bytes) = self.other_members.usage(names);
        let (rare, rare_bytes) = self.rare.usage(|_| 0);
        MemoUsage {
            definitions: self.definitions.filled(),
            signatures: self.signatures.filled(),
            returns: self.returns.filled(),
            classes: self.infos.filled(),
            members: self.members.filled(),
            other_members: others,
            rare,
            bytes: size_of::<Self>() + ranks + tables + member_bytes + rare_bytes,
        }
    }
}

/// What the cells of modules hold and take.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MemoUsage {
    pub definitions: usize,
    pub signatures: usize,
    pub returns: usize,
    pub classes: usize,
    pub members: usize,
    pub other_members: usize,
    pub rare: usize,
    /// Of the cells and maps, without what they point to.
    pub bytes: usize,
}

impl std::ops::AddAssign for MemoUsage {
    fn add_assign(&mut self, other: Self) {
        self.definitions += other.definitions;
        self.signatures += other.signatures;
        self.returns += other.returns;
        self.classes += other.classes;
        self.members += other.members;
        self.other_members += other.other_members;
        self.rare += other.rare;
        self.bytes += other.bytes;
    }
}
