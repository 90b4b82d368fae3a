"""The words and frames that the authored training sentences are composed of.

A frame is a line with choices, `(was|is)`, which may hold choices, and slots: {u} a subject, {s}
{t} things, {w} {v} judgements, {x} {y} judgements of the other sign, {l} a verb of liking or its
opposite, {i} a degree, {a} {b} whole clauses. The frames were chosen by looking at the development
templates in `phrases.py`; the test templates there were written first and measured last.
"""

TRAIN_WORDS = {
    "positive": "good, great, excellent, nice, wonderful, perfect, amazing, fantastic, impressive, "
    "beautiful, interesting, funny, brilliant, comfortable, solid, fresh, friendly, pleasant, "
    "superb, fun, helpful, reliable, charming, awesome, sturdy, smooth, sharp, stylish, elegant, "
    "moving, touching, gripping, tasty, kind, durable, handy, stunning, hilarious, refreshing, "
    "witty, memorable, fascinating, powerful, cool, sleek, cute, unique, convenient, happy, sweet, "
    "decent, affordable, simple, smart, inventive, engrossing, original, thoughtful, appealing, "
    "captivating, exceptional, intriguing, absorbing, admirable, intelligent, engaging, "
    "accurate, superior, magnificent, splendid, useful, efficient, remarkable, thrilling, "
    "uplifting, spectacular, clean, quick, cozy, crisp, flawless, fabulous, incredible, exciting, "
    "magical, rewarding, valuable, generous, genuine, warm, lively, poignant, subtle",
    "negative": "terrible, awful, poor, horrible, disappointing, boring, annoying, weak, ugly, "
    "slow, useless, stupid, flimsy, rude, dirty, noisy, confusing, frustrating, worthless, cheap, "
    "mediocre, broken, clumsy, tedious, sloppy, silly, pointless, predictable, overpriced, cold, "
    "stale, blurry, faulty, defective, shallow, uncomfortable, depressing, painful, tasteless, "
    "nasty, forgettable, tiresome, unfunny, bulky, awkward, superficial, irritating, inconsistent, "
    "fragile, clunky, pretentious, lackluster, uninspired, cheesy, plodding, sluggish, vague, "
    "lazy, disgusting, lifeless, banal, inept, trite, mindless, unconvincing, appalling, joyless, "
    "incoherent, shoddy, offensive, dumb, hollow, empty, gross, buggy, costly, outdated, inferior, "
    "atrocious, unacceptable, unhelpful, careless, greasy, shabby, wretched, inadequate, foolish, "
    "cruel, grim, messy, hopeless, abysmal, laughable, unwatchable, ghastly, horrid, crude",
    "praise": "easy to use, well made, worth the money, worth seeing, a joy, a pleasure, "
    "a success, a masterpiece, a bargain, a treat, up to the mark, worth the trip, first class",
    "blame": "hard to use, a waste of money, a waste of time, a mess, a disaster, a letdown, junk, "
    "badly made, a failure, not worth it, a rip-off, a joke, an insult, worse, full of holes",
    "like": "like, love, enjoy, recommend, admire, trust, respect, treasure, praise",
    "hate": "hate, dislike, regret, despise, resent, loathe, curse, blame",
    "things": "food, service, film, phone, camera, story, staff, sound, screen, acting, plot, "
    "restaurant, player, software, music, price, design, movie, keyboard, picture, room, soup, "
    "dialogue, charger, menu, case, director, location, chair, show, novel, song, printer, beach, "
    "dessert, radio, lamp, game, bar, kitchen, lens, tour, coffee, speaker, actor, breakfast",
    "degrees": "very, really, so, extremely, pretty, truly, just, absolutely, totally, a little, "
    "deeply, genuinely, downright, thoroughly, simply, highly, utterly, somewhat, especially",
}

SUBJECTS = """
(the|this|my|our|their|that|her|his|your) {s}
(the|this) (whole|new|small|second|other|blue) {s}
it
(everything|this|that|most of it)
the {s} (here|there|upstairs|we chose|I bought|of this place|in town|from the shop)
the {t} and the {s}
the {s} of (the|this|our) {t}
"""

TAILS = """
(|||at all|to me|this time|in any way|when we came|for us|today|I think|in my eyes|after all)
(|||on Monday|for a change|this year|so far|by the way|as far as I can tell|if you ask me)
(|||, which (my wife chose|we ordered in May|I bought for my son|nobody told us about))
"""

FILLERS = """
(honestly|frankly|well|in my opinion|to be honest|all in all|I must say|in short|as for me),
(on Friday|after two weeks|for the record|by the way|in the end|like most people|as you know),
(we ordered it in May|it came in a box|my wife chose it|I bought it for my son) and
(we went there with friends|we live round the corner|it is made in Spain|I read a lot) and
(I don't know who made it|I am not an expert|I had not heard of it|I have no idea why), but
(we didn't have a car|there was no queue|I never write reviews|no one asked me), and
"""

PLAIN = """
{u} (was|is|looks|looked|seemed|felt|sounds|became|got|remains|proved|stayed|has been) {i} {w}
{u} (turned out|turns out|proved|seems|appears) (to be|) {i} {w}
{u} (has always been|was always|is always|will always be|never fails to be|cannot but be) {w}
{i} {w} {s}
{w}, {i} {v}
(always|just|simply|both) {w} and {v}
(I|we|she|my brother|most of us) (found|called|considered|thought) {u} {i} {w}
(I|we) (think|thought|believe|would say|feel|know|admit) (that|) {u} (is|was) {i} {w}
(people|they|you|all of us) (can|could|would) (call|only call) {u} {w}
it was {w} and {v}
(they|we) (have|had|got) (a|such a|one) {w} {s}
it has a {i} {w} {s}
there (is|was) (something|a lot that is) {w} (about|in) {u}
(everything|something|much) (about|in) {u} (is|was|seemed) {w}
(there is no denying|no doubt|nobody can deny|I can't deny) that {u} (is|was) {w}
(I have never seen|never have I had|you won't find|there isn't) a more {w} {s}
{u} (could|can) not be more {w}
{u} is (nothing but|nothing short of|not only|not just) {w}
(I|we|they|my friends) (really|truly|did|will) {l} {u}
(you will|anyone would|how could you not|one has to) {l} {u}
"""

NEGATED = """
{u} (wasn't|isn't|(was|is) (not|never)|will (not|never) be) (|||even|really|overly|all that) {w}
{u} (isn't|wasn't|is not|was not) {i} {w}
{u} (hasn't|has never|had never|has not) been {w}
{u} (didn't|doesn't|does not|did not) (look|seem|feel|sound|appear|become|get) {i} {w}
{u} never (looked|seemed|felt|sounded|became|got) {i} {w}
{u} (was|is|looked|seemed) (hardly|barely|scarcely|rarely|seldom|in no way|by no means) {w}
{u} (is no longer|was nowhere near|isn't anywhere near|is not remotely) {w}
{u} (was not even|isn't|never came|doesn't come) close to (being|) {w}
{u} (fails|failed|doesn't manage|never managed|didn't prove|can't claim) to be {w}
{u} (is|was|seems) (far from|anything but|the opposite of|a long way from|short of) {w}
{u} (avoids|avoided|escapes|escaped|was saved from|keeps clear of|falls short of) being {w}
{u} (cannot|couldn't|could never|could hardly|can't) be (called|described as|said to be) {w}
{u} (isn't|wasn't|is not|is hardly) what (I|we|you|they) (would|could|'d) call {w}
{u} (doesn't|did not|never|hardly) (strike|struck) (me|us) as {w}
{u} was (neither|not) {w} nor {v}
{u} (is not|isn't|wasn't|was never) {w} or {v}
{u} (hasn't|didn't have|doesn't have|never had) anything {w} (about it|in it|)
{u} (lacks|offers no|has no|had no|is without) {w} {s}
{u} (is|was) not (that|so|too|as) {w} (as (they say|we expected|it was|the other {t})|)
{u} (is|was) less {w} than (people say|we expected|I remember|advertised)
(not|never|hardly|barely|scarcely|not even|in no way|by no means|not remotely) {w}
(not|never|hardly|scarcely|not exactly|not really|by no means|not even|far from) a {w} {s}
(it|this|that) (was|is) (not|hardly|never|scarcely|not much of|far from|anything but) a {w} {s}
(this|it) (is|was) no {w} {s}
(no {w} {s} here|there (was|is) no {w} {s}|we (saw|had|met) no {w} {s})
(they|we|you) (never had|didn't get|don't have|couldn't find|won't see|did not want) a {w} {s}
(I|we|she) (have never|had never|never) (had|seen|used|bought) a {w} {s} (here|there|before|)
(I|we|he|they|my wife) (did not|never|didn't) (find|found|feel) {u} {i} {w}
(I|we|they|you) (don't|didn't|never|do not|cannot) (think|thought|believe|say) {u} is {w}
(I|we|you) (would|could) (not|never|hardly) (call|describe|consider) {u} (as|) {w}
(I|we) (wouldn't|can't|couldn't|will not) (say|claim|pretend) (that|) {u} (is|was) {w}
(nobody|no one|no person|none of us|no guest|hardly anyone) (would|could|can) call {u} {w}
(nobody|no one|no critic|none of us|not a soul) (thought|said|claims|felt) {u} (was|is) {w}
(no one|nobody|hardly a person) would describe {u} as {w}
never once (was|did we find) {u} {w}
(there is|there's|I (saw|see|noticed)|we found) nothing {w} (about|in|to) {u}
nothing (about|in|on|here in) {u} (is|was|seemed|felt|looked|struck us as) {w} (or {v}|)
(no part of|little about|not a single thing about|none of) {u} was {w}
it would be (wrong|unfair|false|a mistake) to (call|think|find) {u} {w}
it (is|was) (not true|wrong|simply false) (to say|) that {u} (is|was) {w}
(it is|it was) (hard|impossible|difficult) to (call|find|think) {u} {w}
(I|we) (doubt|doubted|can't believe) (that|) {u} (is|was|will be) {w}
(they are|whoever said it is|you are) wrong to call {u} {w}
(don't|do not|never) (expect|look for) a {w} {s} (here|there|)
(don't expect|we did not expect|you won't see) {u} to be {w}
(no need to expect|you need not look for|forget about) a {w} {s}
(I|we|they|you) (did not|do not|would never|could not|won't|didn't) {l} {u}
(nobody|no one|hardly anyone|none of us) (would|could|will) {l} {u}
(I|we) (can't|couldn't|wouldn't) say (that|) (I|we) {l} {u}
(without (being|ever being|a hint of anything) {w}|nothing {w})
"""

OPPOSED = """
{a}(,|) (but|yet|but then|and yet) (|||overall|on the whole|in the end|for me|to us|as a whole) {b}
{a}(;|.) (however,|still,|nevertheless|even so|nonetheless|but|that said,|then again,) {b}
(although|though|even though|while|whereas|even if|granted,) {a}, (|||still|overall|in the end) {b}
{b}(,|) (although|though|even though|even if|despite what they say, that) {a}
(at first|initially|in the beginning|last year|years ago|yesterday|before) {a}(,|;|.| but|, but) \
(now|later|then|today|this year|in the end|afterwards|after a week) {b}
(I|we) (thought|believed|was sure|used to think) {a}, (but|and|yet) (now|today|in fact|then) {b}
(some people|critics|my friends|they|others|the ads) (say|said|claim|thought|told me|insist) {a}, \
(but|yet|however) (I think|to me|for us|I found that|they were wrong,|) {b}
(it may be|it might be|perhaps|maybe|true,|of course|sure,) that {a}, (but|yet|still) {b}
(a|such a|one) {x} {s}(, but|, yet|. still,|; however,| and yet) (||||overall|in the end|to me) {b}
{a}(, but|, yet|; still) (a|what a|such a|otherwise a|in the end a) {w} {s}
{x} (at first|in the beginning|to look at|for a while)(, but|,|; later) {b}
(despite|in spite of|regardless of) (the|a|its|their|this) {x} {s}, {b}
{b}(,|) (despite|in spite of) (the|a|its|one) {x} {s}
(on paper|in theory|from outside|online|at first sight) {a}(, but|,|;) \
(in practice|in fact|in truth|inside|up close) {b}
{a}, (that was then|so I thought|so they said|or so it seemed)(:|,|.) (in fact|now|actually) {b}
"""

ALIKE = """
{a}(,| and|, and|.) {b}
{a}(, so|, in fact|, actually|; what is more,|; on the contrary,|. besides,|, because) {b}
(since|because|not only that,|as) {a}, {b}
"""

FRAGMENTS = """
(not|hardly|never|far from|by no means) {x}(,| but|, but|;) (|actually|in fact|just) {i} {w}
not {x} at all, {i} {w}
not (just|only|merely) {v}(,| but) {w}
(never {x}, always {w}|no longer {x}, now {w}|neither {x} nor {y}, (just|simply|but) {w})
no {x} {s}, (a|but a) {w} {s}
{x}(,| but|, but|, yet|, though) (|||in the end|overall|later|finally|on the whole) {i} {w}
(neither {x} nor {y}|not {x} or {y}), {u} (was|is|seemed) {w}
a {x} {s}(, yet|, but| but|;) (|||in the end|all in all|finally|for us) {i} {w} (on the whole||)
{x} {s}, (yet|but) (|in the end|afterwards) {w} {t}
{x} (at first|in the beginning|last year), {w} (later|in the end|now)
(it|this) (isn't|is not|was never) {x}(,|;| but) (it is|it's) {i} {w}
{u} (isn't|wasn't) {x}(,|;|.) (it's|it was|it is) (just|simply|) {w}
{u} (was|used to be) {x}(,| but|;) (now|today|since May) it is {i} {w}
{u} (went|turned|changed) from {x} to {w}
{u} (looks|looked|sounded|seemed) {x} (on paper|online|at first|) (and|but) (is|was|proved) {w}
{u} (could|might|should) have been {x}, but (it|this) (was|is|turned out) {i} {w}
{u} (was supposed|was meant|seemed|threatened) to be {x} (but|and) (was|turned out|became) {w}
{u} (was|is) {w}(,| and) not {x}
{w} and not {x}
(though|although|while|even if) {x} (at first|last year|in parts|), {u} (was|became|is|got) {i} {w}
{u}, (though|although|if) {x}, (was|is|proved) {i} {w}
(we|I) (expected|wanted|prepared for|ordered|paid for) a {x} {s} (and|but) (got|found|had) a {w} one
(we|I) (expected|had expected|thought it would be) something {x}(, but|, and|;) it was {i} {w}
instead of (a {x} {s}|something {x}) (we|I|you) (got|found|had|saw|met) (a {w} one|something {w})
(a {w} {s}|something {w}) (instead of|in place of) (a {x} one|something {x})
(the others|others|my last two) were {x}, this {s} is {i} {w}
while (their|his|her|the other) {s} (is|was|can be) {x}, (ours|mine|this one) is {i} {w}
the (start|middle|first part) of {u} was {x}(, but|;| and) the (end|rest|second part) was {w}
"""
