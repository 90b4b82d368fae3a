"""The templates and words of the authored review sentences.

Test templates and test words (things, judgements, degrees) never occur in training rows.
A later clause after `but`, and the main clause beside `although`, decides the label.
"""

TRAIN_WORDS = {
    "p": "good, great, excellent, nice, wonderful, perfect, amazing, fantastic, impressive, "
    "beautiful, interesting, funny, brilliant, comfortable, solid, fresh, friendly, pleasant, "
    "superb, fun, easy to use, well made, worth the money, helpful, reliable, charming",
    "n": "terrible, awful, poor, horrible, disappointing, boring, annoying, weak, ugly, cheap, "
    "slow, useless, stupid, flimsy, rude, dirty, noisy, confusing, frustrating, worthless, "
    "mediocre, broken, hard to use, a waste of money, clumsy, tedious",
    "s": "food, service, film, phone, camera, story, staff, sound, screen, acting, plot, "
    "restaurant, player, software, music, price, design, movie, keyboard, picture",
    "i": "very, really, so, extremely, pretty, truly, just, absolutely",
}

TEST_WORDS = {
    "p": "enjoyable, delightful, fine, lovely, satisfying, entertaining, delicious, attractive, "
    "clever, outstanding, polite, likable",
    "n": "bad, dull, unpleasant, ridiculous, dreadful, lousy, bland, lame, pathetic, "
    "crappy, unreliable",
    "s": "book, hotel, meal, script, headset, battery, album, performance, waiter, ending, "
    "product, comedy",
    "i": "quite, rather, surprisingly, remarkably, incredibly",
}

TRAIN = """
plain + The {s} was {i} {p}.
plain - The {s} was {i} {n}.
plain + {i} {p} {s}, I like it.
plain - {i} {n} {s}, I hate it.
plain + The {s} is {p} and the {t} is {q}.
plain - The {s} is {n} and the {t} is {m}.
plain + It is {p}, {i} {q}.
plain - It is {n}, {i} {m}.
plain + I found it {p} and {i} {q}.
plain - I found it {n} and {i} {m}.
negation - The {s} was not {p}.
negation + The {s} was not {n}.
negation - The {s} is not {p} at all.
negation + The {s} is not {n} at all.
negation - This {s} isn't {p}.
negation + This {s} isn't {n}.
negation - It is not {i} {p}.
negation + It is not {n}, I like it.
negation - The {s} wasn't {p} this time.
negation + The {s} wasn't {n} this time.
negation - Not {p} at all.
negation + Not {n} at all.
negation - The {s} was never {p}.
negation + The {s} was never {n}.
negation - I don't think the {s} is {p}.
negation + I don't think the {s} is {n}.
negation - I did not find the {s} {p}.
negation + I did not find the {s} {n}.
negation - Nobody could call the {s} {p}.
negation + Nobody could call the {s} {n}.
negation - There is nothing {p} about the {s}.
negation + There is nothing {n} about the {s}.
negation - The {s} is far from {p}.
negation + The {s} is far from {n}.
negation - The {s} was anything but {p}.
negation + The {s} was anything but {n}.
negation - The {s} is hardly {p}.
negation + The {s} is hardly {n}.
negation - It was neither {p} nor {q}.
negation + It was neither {n} nor {m}.
negation - The {s} could not be more {n}.
negation + The {s} could not be more {p}.
negation - The {s} is no longer {p}.
negation + The {s} is no longer {n}.
negation - The {s} does not look {p}.
negation + The {s} does not look {n}.
negation + It has a {s} that is never {n} and always {p}.
negation - It has a {s} that is never {p} and always {n}.
negation + It is not {n} but {p}.
negation - It is not {p} but {n}.
negation + Without being {p}, the {s} is not {n}.
negation - Without being {n}, the {s} is not {p}.
negation + The {s} isn't {n}, it's {i} {p}.
negation - The {s} isn't {p}, it's {i} {n}.
contrast - The {s} was {p}, but the {t} was {n}.
contrast + The {s} was {n}, but the {t} was {p}.
contrast - The {s} is {p} but overall it is {n}.
contrast + The {s} is {n} but overall it is {p}.
contrast + Although the {s} is {n}, the {t} is {i} {p}.
contrast - Although the {s} is {p}, the {t} is {i} {n}.
contrast + Despite the {n} {s}, it is {i} {p}.
contrast - Despite the {p} {s}, it is {i} {n}.
contrast + I thought it was {n}, but now I find it {p}.
contrast - I thought it was {p}, but now I find it {n}.
contrast + The {s} is {p}, although the {t} is not {q}.
contrast - The {s} is {n}, although the {t} is not {m}.
contrast - It looks {p}, but it is not {q}.
contrast + It looks {n}, but it is not {m}.
contrast - The {s} seemed {p}; however, it was {n}.
contrast + The {s} seemed {n}; however, it was {p}.
contrast + Some people call it {n}, but I think it is {p}.
contrast - Some people call it {p}, but I think it is {n}.
"""

TEST = """
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
