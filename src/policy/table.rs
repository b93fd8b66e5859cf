//! The table: an entry a policy, by the part of inference that asks for it.

use super::{Effect, Entry};

macro_rules! policies {
    ($($policy:ident $name:literal $effect:ident $what:literal $why:literal;)*) => {
        /// A policy; see [`ALL`] for what it means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Policy {
            $(#[doc = $what] $policy,)*
        }

        /// What there is to say of each policy, in the order of [`Policy`].
        pub const ALL: &[Entry] =
            &[$(Entry { name: $name, effect: Effect::$effect, what: $what, why: $why },)*];
    };
}

policies! {
    // Parameters and results that nobody annotated.
    DefaultKind "default-kind" Infers
        "A parameter without annotation is what its default is, or anything else."
        "`def f(name=\"\")` is meant for text, and what the body does with text is worth checking.";
    DefaultMark "default-mark" Silences
        "A default that the body compares the parameter with says nothing of what the parameter is."
        "`def get(key, default=MISSING): … if default is not MISSING` passes a mark for \"nothing was given\".";
    GivenDefaults "given-defaults" Silences
        "What a call gives has no default in it whose parameter was given something else."
        "`def first(items, default=None)` returns `None` only to those who give no default.";
    ObjectMark "object-mark" Silences
        "`object` among the inferred results of a function is left out where something unknown is among them."
        "It is the mark in `default=object()`: who gives another default gets that back.";
    GetterResult "getter-result" Silences
        "An inferred result of `__getattr__` that may be `Any`, or is `None` or of several kinds beside something unknown, is unknown."
        "All attributes go through one method, and what it makes of some says nothing of the others.";
    SelfCalling "self-calling" Silences
        "A function that calls itself and gives several kinds beside something unknown gives something unknown."
        "Walks through trees of data give back the kind that they were given.";
    ManyResults "many-results" Silences
        "An inferred result of many kinds beside something unknown is unknown, but for `None`."
        "What the caller gives decides which of them comes back: `load(path)` makes what it finds there.";
    UnsureContents "unsure-contents" Silences
        "A collection that a function without annotation returns holds something unknown where part of what it holds is."
        "What a caller takes out under one key is none of what was put in under the others.";
    EmptyMethod "empty-method" Silences
        "A method whose body is empty or only raises `NotImplementedError` says nothing of its result."
        "Subclasses write the body.";
    VagueDecorator "vague-decorator" Silences
        "What a decorator without annotation returns is taken from its body only where it is one thing and known as a whole."
        "Decorators that work with and without arguments return several things, each to another caller.";
    SeenNever "seen-never" Infers
        "Control does not come back from a function without annotation whose body never ends."
        "Helpers like `def fail(message): raise Error(message)` end branches.";
    ItemsByNumber "items-by-number" Silences
        "What iterating by an inferred `__getitem__` gives is unknown where it is of several kinds."
        "The body gives one kind for a number and another for a slice.";
    NotImplementedResult "not-implemented-result" Silences
        "An operator whose method may give `NotImplemented`, by its body, gives something unknown."
        "Such a body looks at what it is given, and each of its results is for another operand.";
    OneInstance "one-instance" Infers
        "A class whose constructor has several overloads makes an instance of an unknown argument."
        "The overloads differ in type arguments, and whichever is meant makes an object of the class.";
    ChosenSubclass "chosen-subclass" Silences
        "`__new__` that returns `Self` may return an instance of a subclass as well."
        "`if cls is Path: cls = PosixPath` chooses the subclass for those who asked for the class itself.";

    // Attributes.
    PlaceholderNone "placeholder-none" Silences
        "`name = None` in the body of a class leaves open what else the attribute is."
        "It keeps a place that subclasses or users of the class fill.";
    ReplacedMethod "replaced-method" Silences
        "A method that always raises is no promise where `self` gets another value of that name."
        "It stands there until an object is made complete.";
    FromItself "from-itself" Silences
        "What an attribute is made of itself (`self.n = self.n + 1`) is no part of its inferred type, and is not compared with it."
        "It says little that the other assignments do not say.";
    ChosenLiterals "chosen-literals" Infers
        "`self.mode = mode` keeps the literals that `mode` is declared to have."
        "Somebody chose them; those of a first value (`self.n = 0`) are an accident.";
    EmptyTuple "empty-tuple" Silences
        "An attribute that is given `()` holds tuples of any length."
        "`self.items = ()` is the beginning of what grows.";
    UnsureOwner "unsure-owner" Silences
        "What is first put into an attribute says nothing of it where a base of the class is unknown or makes members."
        "The base may declare it to hold more, or put something else in its place.";
    AskedFor "asked-for" Silences
        "An attribute that `hasattr` asks for in the same scope is not missing after an assignment, nor from a class."
        "Who asks gives the object what it lacks.";
    TestedKind "tested-kind" Silences
        "An attribute that nobody declares, and that its class asks with `isinstance` for a kind, may be given a value of that kind."
        "`if isinstance(self.names, str): self.names = self.names.split()` is written for those who set it from outside.";
    NamedClass "named-class" Silences
        "An attribute that only methods set is missing from a class only where the class is written by its name."
        "A variable may hold an instance by the time it is read.";
    SetByFunction "set-by-function" Silences
        "A name that some function makes global is there wherever it is read."
        "`init()` has run by then.";

    // Displays and operators.
    RowWithUnknown "row-with-unknown" Silences
        "A list of several things, one of them unknown, is a list of something unknown."
        "Rows are written as lists, and what stands at one place is none of the others.";
    RecordWithUnknown "record-with-unknown" Silences
        "A dict whose keys are words, with a value that is unknown, has values of which nothing is known."
        "What comes out under one key is none of the others.";
    GatheredRecord "gathered-record" Silences
        "A local dict of several kinds of values takes another kind under another key."
        "Records are gathered key by key, and nobody said that they hold those kinds alone.";
    RecordKey "record-key" Infers
        "A key that is written in the display of a dict gives what is written there, wherever the name of the dict is read."
        "`options = {\"names\": [], \"size\": 1}; options[\"names\"].append(name)`.";
    UnpackedRecord "unpacked-record" Silences
        "Of a dict of several kinds that nobody declares, `**` gives a parameter one that fits, if there is one."
        "`show(**{\"name\": \"a\", \"size\": 1})`: under the name of a parameter stands what is meant for it.";
    TuplesOfCalls "tuples-of-calls" Infers
        "Tuples in a display keep their literals where a call gives them."
        "The call declares them; those that are written there are examples.";
    UnpackedLiterals "unpacked-literals" Infers
        "`[*names, \"more\"]` holds the literals that `names` is declared to hold, if the others are of them."
        "Lists of options are put together from other lists of options.";
    RepeatedList "repeated-list" Infers
        "A list times something unknown is the list."
        "Who repeats a list has a number.";
    RepeatedNone "repeated-none" Silences
        "`[None] * count` is a list of something unknown."
        "It keeps room for what comes later.";
    ListOfUnits "list-of-units" Silences
        "A list of several elements times something unknown is unknown."
        "`[1.0, 2.0] * unit` makes a quantity or an array; who repeats writes one element.";
    NumberWithUnknown "number-with-unknown" Silences
        "A number and something unknown give something unknown."
        "An array, for one, says itself what comes out.";

    // Assignments and tests.
    UnknownIsNotNone "unknown-is-not-none" Silences
        "Something unknown that is put into `X | None` is taken for an `X`, or something unknown."
        "Nothing says that it is `None`, and the declaration has it for other times.";
    AnyClass "any-class" Silences
        "A `type[T]` that is put into what is declared as `type[Any]` is a `type[Any]`."
        "Who declares that wants to do anything with the class.";
    DeclaredRows "declared-rows" Silences
        "A tuple that is put into what is declared as a row of literals is that row."
        "Which of the literals it has now is chance, and a test for another one is no mistake.";
    OwnItems "own-items" Silences
        "What was put under a key comes out again only of the collections of the standard library."
        "A class of one's own may make something else of it.";
    OnlyTested "only-tested" Silences
        "What is unknown stays unknown after a test that only looked at it."
        "`if hasattr(x, \"close\"): …` and what follows: that `x` may lack it is nothing that was not so before.";
    PlainEquality "plain-equality" Silences
        "`==` tells something of a type only where its `__eq__` is of the standard library or made for a dataclass."
        "An `__eq__` of one's own may be true of anything.";
    UnknownIdentity "unknown-identity" Silences
        "`is` tells nothing of an unknown value where the other side is known in part, or by its declaration."
        "What a place is declared to hold says less than one object would.";
    ImpossibleMember "impossible-member" Silences
        "`x in items` tells nothing where no `x` could be among the items."
        "What is done with `x` is wrong all the same, and is said there.";
    BothClasses "both-classes" Infers
        "Where some members of a union pass a test as they are, the others are not taken for objects of both classes."
        "A class that inherits from both is rare; the `str` in `str | Path` is meant.";
    SubstituteClass "substitute-class" Infers
        "A name of a module that a class statement declares means that class where some way assigns another one to it."
        "`except ImportError: Base = object` stands in for what is missing.";
    AssignedClass "assigned-class" Infers
        "In an annotation, the name of a class means the class, also when something else was assigned to it."
        "`C = decorate(C)` is a decorator that is applied by hand.";
    OneOfTwo "one-of-two" Infers
        "A name that each way binds to a class of its own is one class where `isinstance` asks for it and the test fails."
        "`except ImportError: class Map: …`: there is one of them at a time, and annotations mean the same one.";
    KnownOfTwo "known-of-two" Infers
        "In an annotation, a class on one path and something unknown on the others is the class."
        "`try: from fast import Map` and then `except ImportError: from slow import Map`.";

    // Oversights: what works and was hardly meant.
    ExpectedFailure "expected-failure" Silences
        "Values that nobody uses, and formats that fail, are not reported where a `try` or `with` waits for the failure."
        "Tests call what must fail.";
    AssertedComparison "asserted-comparison" Silences
        "A comparison is not reported under `assert`."
        "Tests assert that things differ, and a test that passes shows that a value is another one than its type says.";
    ComparedDefault "compared-default" Silences
        "A comparison with a parameter counts its default among the values, whatever the annotation says."
        "`key: str = MISSING  # type: ignore` and then `if key is MISSING`.";
    LooselySet "loosely-set" Silences
        "A comparison with a place says nothing where something unknown, or something refused, is assigned to it."
        "It is there nevertheless, and was reported where it was assigned.";
    ChangingAttributes "changing-attributes" Silences
        "A comparison with an attribute that nobody declares says nothing."
        "It can be set from anywhere.";
    UncalledFunction "uncalled-function" Silences
        "A function that is tested is reported under its own name alone, where it takes no arguments or nothing else has that name, and is no module's."
        "A variable may hold `None` another time, and that a module has a function is asked of versions of it.";
    SteadyNames "steady-names" Reports
        "Keys of a display that are names, or names with dots, are the same when they are written twice."
        "A constant or a member of an enum that is there twice is an oversight.";
    OwnExceptions "own-exceptions" Silences
        "An exception that is made and not raised is reported only where its class has no `__init__` of its own."
        "Such an `__init__` may do something.";
    ShownBytes "shown-bytes" Silences
        "Bytes in the words of an exception, and in `__repr__`, are not reported."
        "They are shown to people who look for a mistake.";
    OtherLoggers "other-loggers" Silences
        "Values for a log message with `{}` and without `%` are not reported."
        "A project may have put loggers of its own behind the library's functions.";
    FormattedAttributes "formatted-attributes" Silences
        "What an attribute holds is not taken for sure in a format where it is `None`, or its class has a metaclass."
        "Somebody else sets it, and metaclasses put other things in place.";
    DecoratedTwice "decorated-twice" Silences
        "A function or class with a decorator may be defined again."
        "The decorator may have kept it, or dispatches to several.";
    DroppedName "dropped-name" Silences
        "Functions and classes called `_` may be defined again."
        "The name says that nobody wants it.";
    DecoratedByHand "decorated-by-hand" Silences
        "What is made of a function and assigned to its name need not fit the function."
        "`run = cached(run)` makes anything of it.";
    BodyElsewhere "body-elsewhere" Silences
        "A function with `...` as its body needs no `return`."
        "The body is elsewhere, or still to be written.";
    RareSwallowing "rare-swallowing" Silences
        "`__aexit__` may declare `bool` and return nothing but `False`."
        "That is what people write, and asynchronous managers rarely swallow exceptions.";
    DecoratedReceiver "decorated-receiver" Silences
        "What a method takes as its first parameter is not checked where it has a decorator that is not a known one."
        "The decorator may call it with anything.";
    UnsureTruth "unsure-truth" Silences
        "A value that has no truth is not reported under `if` where a part of it is unknown."
        "That part was only inferred, and may be the wrong one: bodies give one kind for one argument and another for another.";
    OpenDisplay "open-display" Silences
        "A comparison with an item of a display that nobody declares says nothing."
        "Functions that see `seen = [True]` put something else there.";
    OwnSetter "own-setter" Silences
        "`__slots__` says nothing of a class that has a `__setattr__`."
        "Who sets attributes may put them anywhere.";

    // Overrides.
    FreeMembers "free-members" Silences
        "Constructors and what describes one class alone (`__slots__`, `__hash__`) may be changed in a subclass."
        "They are called on the class that one means.";
    AssignedIsNoPromise "assigned-is-no-promise" Silences
        "What a base merely assigns to an attribute does not bind its subclasses."
        "It is a first value, and properties are put in its place.";
    PlainValue "plain-value" Reports
        "A number or text that the body of a base gives to a variable does bind them, where they declare another type or a method."
        "Who declares another type in a subclass shows that types matter there.";
    InferredIsNoPromise "inferred-is-no-promise" Silences
        "What the body of a base's method returns does not bind the methods of subclasses."
        "Nobody said it, and bodies of bases are examples.";
    NamesOfOthers "names-of-others" Silences
        "Positional parameters of special methods, and those that a base calls private, may have another name in a subclass."
        "Nobody passes them by name.";
    AnyCoroutine "any-coroutine" Silences
        "An `async def` in a base promises a coroutine, and not the class that makes it one."
        "Decorators of overrides are declared to return any `Coroutine`.";
    NamesInStubs "names-in-stubs" Silences
        "Names of parameters are not compared between two bases where one is from a stub."
        "Stubs name positional parameters as they like.";
    HandedOn "handed-on" Silences
        "What is made of a covariant variable (`type[T]`, a callable) may be the type of a parameter."
        "Such a method often only hands it on.";
    PrivateVariance "private-variance" Silences
        "Private methods may use a type variable against its variance."
        "Nobody calls them through another type.";
    HandedOnImports "handed-on-imports" Silences
        "What the stub of a package imports for itself can be imported from it; only the standard library's stubs are held to it."
        "Packages hand names on by mistake, and they are there all the same.";
}
