"""The words, clauses and sentences of the authored review sentences.

Training sentences are composed of clauses; development and test sentences fill templates of
their own. Test templates and test words (things, judgements, degrees) never occur in training
rows; little words such as `not`, `never` and `but` do. The clauses were chosen by looking at the
development templates; the test templates were written afterwards and only measured. A later
clause after `but`, and the main clause beside `although`, decides the label.
"""

TRAIN_WORDS = {
    "positive": "good, great, excellent, nice, wonderful, perfect, amazing, fantastic, impressive, "
    "beautiful, interesting, funny, brilliant, comfortable, solid, fresh, friendly, pleasant, "
    "superb, fun, easy to use, well made, worth the money, helpful, reliable, charming, awesome, "
    "sturdy, smooth, sharp, stylish, elegant, moving, touching, gripping, tasty, kind, durable, "
    "handy, stunning, hilarious, refreshing, witty, memorable, fascinating",
    "negative": "terrible, awful, poor, horrible, disappointing, boring, annoying, weak, ugly, "
    "slow, useless, stupid, flimsy, rude, dirty, noisy, confusing, frustrating, worthless, cheap, "
    "mediocre, broken, hard to use, a waste of money, clumsy, tedious, sloppy, silly, pointless, "
    "predictable, overpriced, cold, stale, blurry, faulty, defective, shallow, uncomfortable, "
    "depressing, painful, tasteless, nasty, forgettable, tiresome, unfunny, worse, the worst",
    "things": "food, service, film, phone, camera, story, staff, sound, screen, acting, plot, "
    "restaurant, player, software, music, price, design, movie, keyboard, picture, room, soup, "
    "dialogue, charger, menu, case, director, location",
    "degrees": "very, really, so, extremely, pretty, truly, just, absolutely, totally, a little",
    "subjects": "the {s}, this {s}, my {s}, our {s}, their {s}, that {s}, it, everything, "
    "the {s} here, her {s}, the new {s}, the {t} and the {s}, this, the whole {s}",
    "tails": ", , , , at all, to me, this time, in any way, when we came, for us, today, I think",
}

PLAIN = """
{u} was {i} {w}
{u} is {w}
{u} looked {w}
{u} seemed {i} {w}
{u} has been {w}
{u} turned out {w}
{u} remains {w}
{i} {w} {s}
{w}, {i} {v}
{w} and {v}
I found {u} {w}
we thought {u} was {w}
I would call {u} {w}
it was {w} and {v}
they have {w} {s}
it has {w} {s}
there is something {w} about {u}
"""

NEGATED = """
{u} was not {w}
{u} wasn't {w}
{u} is not {i} {w}
{u} isn't {w}
{u} did not look {w}
{u} doesn't seem {w}
{u} didn't feel {w}
{u} has never been {w}
{u} was never {w}
{u} is never {w}
{u} was hardly {w}
{u} is in no way {w}
{u} is no longer {w}
{u} is far from {w}
{u} was anything but {w}
{u} cannot be called {w}
{u} will never be {w}
{u} was neither {w} nor {v}
{u} is not {w} or {v}
{u} hasn't got anything {w}
{u} was not that {w}
{u} was less {w} than people say
not {w}
not {i} {w}
never {w}
not a {w} {s}
it was not a {w} {s}
it isn't a {w} {s}
this is no {w} {s}
no {w} {s} here
they never had {w} {s}
they don't have {w} {s}
it has no {w} {s}
I did not find {u} {w}
I don't think {u} is {w}
I never thought {u} was {w}
I would not call {u} {w}
I can not call {u} {w}
I don't believe that {u} is {w}
nobody could call {u} {w}
nobody thought {u} was {w}
no person would say {u} was {w}
no one would call {u} {w}
nobody would describe {u} as {w}
no one ever said {u} was {w}
{u} was by no means {w}
by no means {w}
there is nothing {w} about {u}
without being {w}
"""

OPPOSED = """
{a}, but {b}
{a} but {b}
{a}, but overall {b}
although {a}, {b}
{b}, although {a}
despite what people say, that {a}, {b}
{a}; however, {b}
{a}. still, {b}
at first {a}, then {b}
I thought {a}, but now {b}
some people say {a}, but I think {b}
{a}, and then {b}
{a}; nevertheless {b}
they told me {a}, that is wrong, {b}
{a}, yet {b}
{a}, yet on the whole {b}
even though {a}, {b}
{b}, even though {a}
while {a}, {b}
"""

ALIKE = """
{a} and {b}
{a}, {b}
{a}, and {b}
{a}. {b}
{a}, so {b}
{a}, actually {b}
{a}, in fact {b}
{a}; on the contrary, {b}
"""

TEST_WORDS = {
    "p": "enjoyable, delightful, fine, lovely, satisfying, entertaining, delicious, attractive, "
    "clever, outstanding, polite, likable, terrific, marvelous, adorable",
    "n": "bad, dull, unpleasant, ridiculous, dreadful, lousy, bland, lame, pathetic, "
    "crappy, unreliable, miserable, hideous",
    "s": "book, hotel, meal, script, headset, battery, album, performance, waiter, ending, "
    "product, comedy",
    "i": "quite, rather, surprisingly, remarkably, incredibly",
}

FRAGMENTS = """
not {x}, {i} {w}
not {x}, actually {w}
not {x}, actually {i} {w}
not {x}, but {w}
not {x} but {i} {w}
not {x} at all, {i} {w}
not {x}, in fact {w}
not just {v}, {w}
not only {v} but {w}
never {x}, always {w}
no {x} {s}, {w} {s}
far from {x}, {i} {w}
{x}, but {w}
{x} but {i} {w}
{x}, yet {w}
a {x} {s}, yet {w}
{x} {s}, yet {w} on the whole
a {x} {s} but {w}
a {x} {s}, but {i} {w}
{x} at first, {w} later
it isn't {x}, it is {i} {w}
{u} isn't {x}, it's {w}
{u} was {x}, now it is {w}
{u} looks {x} and is {w}
not {x} or {y}, {i} {w}
{u} is {w}, not {x}
{w} and not {x}
"""

DEVELOPMENT = """
plain + What a {p} {s}!
plain - What a {n} {s}!
plain + We had a {i} {p} {s} last night.
plain - We had a {i} {n} {s} last night.
negation + Not {n}, actually {i} {p}.
negation - Not {p}, actually {i} {n}.
negation - I can't say that our {s} was {p}.
negation + I can't say that our {s} was {n}.
negation - That {s} wasn't exactly {p}.
negation + That {s} wasn't as {n} as I had expected.
negation - By no means a {p} {s}.
negation + By no means a {n} {s}.
negation - No one would describe my {s} as {p}.
negation + No one would describe my {s} as {n}.
negation + Neither {n} nor {m}, this {s} surprised us.
negation - Neither {p} nor {q}, this {s} let us down.
negation + My new {s} has not been {n} for a single day.
negation - My new {s} has not been {p} for a single day.
negation - We didn't have a {p} {s} there.
negation + We didn't have a {n} {s} there.
negation - It's just not a {p} {s}.
negation + It's certainly not a {n} {s}.
negation - You won't find the {s} {p}.
negation + You won't find the {s} {n}.
contrast + Even though the {s} looked {n}, we had a {i} {p} time.
contrast - Even though the {s} looked {p}, we had a {i} {n} time.
contrast - A {p} {s}, yet in the end {n}.
contrast + A {n} {s}, yet in the end {p}.
contrast + While their {s} can be {n}, this one is {i} {p}.
contrast - While their {s} can be {p}, this one is {i} {n}.
contrast - The first half of the {s} is {p}, but the rest is {n}.
contrast + The first half of the {s} is {n}, but the rest is {p}.
contrast + My friends said the {s} was {n}, but they were wrong, it is {p}.
contrast - My friends said the {s} was {p}, but they were wrong, it is {n}.
contrast - We expected a {p} {s} and got a {i} {n} one.
contrast + We expected a {n} {s} and got a {i} {p} one.
"""

TEST = """
plain + Truly a {p} {s}.
plain - Truly a {n} {s}.
plain + The {s} we ordered proved {i} {p}.
plain - The {s} we ordered proved {i} {n}.
negation - Our {s} did not turn out to be {p}.
negation + Our {s} did not turn out to be {n}.
negation - I have never had a {p} {s} in this place.
negation + I have never had a {n} {s} in this place.
negation - Nothing about the {s} struck me as {p}.
negation + Nothing about the {s} struck me as {n}.
negation - Don't expect a {p} {s}.
negation + You need not fear a {n} {s}.
negation - It would be wrong to call the {s} {p}.
negation + It would be wrong to call the {s} {n}.
negation - The {s} was not even close to {p}.
negation + The {s} was not even close to {n}.
negation - This {s} isn't what I would call {p}.
negation + This {s} isn't what I would call {n}.
negation - The {s} could hardly be described as {p}.
negation + The {s} could hardly be described as {n}.
negation - Nothing in this {s} is {p} or {q}.
negation + Nothing in this {s} is {n} or {m}.
negation - I wouldn't say the {s} is {p}.
negation + I wouldn't say the {s} is {n}.
negation - My {s} wasn't particularly {p}.
negation + My {s} wasn't particularly {n}.
negation - The {s} fails to be {p}.
negation + The {s} avoids being {n}.
contrast + Critics called the {s} {n}, but to us it was {p}.
contrast - Critics called the {s} {p}, but to us it was {n}.
contrast + The {s} may be {n}, but as a whole I got something {p}.
contrast - The {s} may be {p}, but as a whole I got something {n}.
contrast + Though {n} in the beginning, the {s} becomes {i} {p}.
contrast - Though {p} in the beginning, the {s} becomes {i} {n}.
contrast + In spite of a {n} {s}, the evening was {i} {p}.
contrast - In spite of a {p} {s}, the evening was {i} {n}.
contrast + Last year the {s} was {n}; this year it is {p}.
contrast - Last year the {s} was {p}; this year it is {n}.
contrast + Instead of a {n} {s} we found a {p} one.
contrast - Instead of a {p} {s} we found a {n} one.
"""
