"""The templates and words of the authored development and test sentences.

Test templates never occur in training rows; the test words (things, judgements, degrees) occur in
no authored training row; little words such as `not`, `never` and `but` do. Training frames were
chosen by looking at the development templates. The test templates were written before those frames
and measured when they were final. A later clause after `but`, and the main clause beside
`although`, decides the label.
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

TEST = """
plain + Such a {p} {s}!
plain - Such a {n} {s}!
plain + I have to say that our {s} is {i} {p}.
plain - I have to say that our {s} is {i} {n}.
plain + They gave us a {p} {s} and a {q} one after that.
plain - They gave us a {n} {s} and a {m} one after that.
negation - There wasn't anything {p} about that {s}.
negation + There wasn't anything {n} about that {s}.
negation - Not one of us thought the {s} {p}.
negation + Not one of us thought the {s} {n}.
negation - If you are looking for a {p} {s}, look elsewhere.
negation + If you are worried about a {n} {s}, don't be.
negation - The {s} couldn't have been less {p}.
negation + The {s} couldn't have been less {n}.
negation - Nobody at our table found the {s} {p}.
negation + Nobody at our table found the {s} {n}.
negation - At no point was the {s} {p}.
negation + At no point was the {s} {n}.
negation - The {s} isn't nearly as {p} as people claim.
negation + The {s} isn't nearly as {n} as people claim.
negation - They promised a {p} {s}, and we did not get one.
negation + They warned us of a {n} {s}, and we did not get one.
negation - The {s} doesn't come across as {p}.
negation + The {s} doesn't come across as {n}.
negation - Sorry, but the {s} is not {p}.
negation + Sorry, but the {s} is not {n}.
negation - Don't let anyone tell you the {s} is {p}.
negation + Don't let anyone tell you the {s} is {n}.
negation - I can't remember one {p} thing about the {s}.
negation + I can't remember one {n} thing about the {s}.
negation - This is not the {p} {s} I was hoping for.
negation + This is not the {n} {s} I was afraid of.
negation - Few people would find this {s} {p}.
negation + Few people would find this {s} {n}.
negation - Calling the {s} {p} would be a lie.
negation + Calling the {s} {n} would be a lie.
negation - The {s} is not in the least {p}.
negation + The {s} is not in the least {n}.
negation - We kept waiting for the {s} to get {p}, but it never did.
negation + We kept waiting for the {s} to get {n}, but it never did.
negation - Neither my wife nor I thought the {s} was {p}.
negation + Neither my wife nor I thought the {s} was {n}.
negation - My {s} stopped being {p} after a week.
negation + My {s} stopped being {n} after a week.
negation - Even after a month I do not find the {s} {p}.
negation + Even after a month I do not find the {s} {n}.
negation - My parents did not consider the {s} {p}.
negation + My parents did not consider the {s} {n}.
contrast + I was told the {s} would be {n}, yet it was {i} {p}.
contrast - I was told the {s} would be {p}, yet it was {i} {n}.
contrast + Everyone warned me about a {n} {s}, and everyone was wrong: it is {p}.
contrast - Everyone praised a {p} {s}, and everyone was wrong: it is {n}.
contrast + The {s} sounds {n}, and yet it is {p}.
contrast - The {s} sounds {p}, and yet it is {n}.
contrast + You may find the {s} {n} for an hour, but give it time and it gets {p}.
contrast - You may find the {s} {p} for an hour, but give it time and it gets {n}.
contrast + Yes, the {s} is {n}; all the same, I had a {i} {p} time.
contrast - Yes, the {s} is {p}; all the same, I had a {i} {n} time.
contrast + What began as a {n} {s} became a {p} one.
contrast - What began as a {p} {s} became a {n} one.
contrast + Unlike the {n} {s} we had last time, this one is {p}.
contrast - Unlike the {p} {s} we had last time, this one is {n}.
contrast + It is true that the {s} is {n}, but overall our stay was {p}.
contrast - It is true that the {s} is {p}, but overall our stay was {n}.
contrast + Once the {s} was {n}, these days it is {p}.
contrast - Once the {s} was {p}, these days it is {n}.
contrast + Some call this {s} {n}. I call it {p}.
contrast - Some call this {s} {p}. I call it {n}.
contrast + The old {s} was {n}, the new one is {p}.
contrast - The old {s} was {p}, the new one is {n}.
contrast + For all the talk of a {n} {s}, I found it {i} {p}.
contrast - For all the talk of a {p} {s}, I found it {i} {n}.
contrast + We feared a {n} {s}, and what we got was {p}.
contrast - We hoped for a {p} {s}, and what we got was {n}.
contrast + A {n} start, but by the end the {s} was {i} {p}.
contrast - A {p} start, but by the end the {s} was {i} {n}.
contrast + The {s} looked {n} in the photos and is {i} {p} in real life.
contrast - The {s} looked {p} in the photos and is {i} {n} in real life.
contrast + However {n} the {s} was, we still had a {p} evening.
contrast - However {p} the {s} was, we still had a {n} evening.
contrast + This {s} is more {p} than {n}.
contrast - This {s} is more {n} than {p}.
contrast + Rather than {n}, the {s} was {i} {p}.
contrast - Rather than {p}, the {s} was {i} {n}.
contrast + Setting aside the {n} {s}, it was a {i} {p} day.
contrast - Setting aside the {p} {s}, it was a {i} {n} day.
contrast + My friends hated the {n} {s}. I, on the other hand, had a {p} time.
contrast - My friends loved the {p} {s}. I, on the other hand, had a {n} time.
"""
