"""Adjectives of English, for texts whose words have no part of speech: common ones of reviews."""

TEXT = """
able absurd accurate addictive affordable aggressive amazing amusing angry annoying ample
appalling appealing atrocious attractive authentic average awesome awful awkward bad bare basic
beautiful bent best better big bitter bizarre bland boring bright brilliant broken bulky bumpy
burnt busy calm careful careless cheap cheerful cheesy charming cheery classy clean clear clever
clumsy clunky coarse cold colorful colourful comfortable compact compelling competent complete
complicated confusing considerate convenient convincing cool courteous cosy cozy cracked crappy
crass creative creepy crisp cruel crunchy cute damaged damp dangerous dark dated dead deadly
decent deep defective delayed delicate delicious delightful dependable deplorable depressing
difficult dim dingy dirty disappointed disappointing disastrous disgusting dismal dodgy dreadful
dreary dry dull durable dusty eager easy edible effective efficient elegant empty endless
engaging enjoyable enormous entertaining excellent exceptional exciting expensive exquisite
extraordinary fabulous fair faithful fake false fancy fantastic fast faulty favorite favourite
fine firm flashy flat flawed flawless flimsy foul fragile fragrant free fresh friendly funny
fuzzy generous gentle genuine glad gloomy glorious good gorgeous graceful grand grateful great
greasy greedy grey grim gripping gritty gross grubby handy happy hard harmless harsh hateful
healthy heavy helpful hilarious hollow honest hopeless horrendous horrible hostile hot huge
humble hungry icy ideal idiotic ignorant impatient imperfect impolite important impressive
inaccurate inadequate incompetent inconvenient incredible ineffective inferior informative
innovative insightful inspiring insulting intelligent intense interesting intriguing irritating
joyful juicy keen kind lacklustre lame large lasting late lazy leaky light likable likeable limp
little lively long loose loud lousy lovely low loyal luxurious mad magical magnificent
marvellous marvelous mean mediocre memorable merry messy mild miserable modern monotonous moody
moving mushy musty narrow nasty natural neat negative nice noisy numb odd offensive oily old
ordinary original outdated outrageous outstanding overpriced painful painless pale pathetic
patient perfect phenomenal plain plastic playful pleasant pleased pleasing pleasurable polite
poor popular positive powerful practical precious precise predictable pretentious pretty pricey
prompt proud pure quick quiet quirky rancid rare raw ready reasonable refreshing reliable
remarkable repetitive repulsive responsive revolting rich ridiculous right rigid ripe risky
robust romantic rotten rough rude ruined rusty sad safe salty satisfied satisfying scary
scratchy scruffy secure sensible sensitive serious shabby shaky shallow sharp shiny shoddy short
sick silent silky silly simple sincere skilful skillful sleek sleepy slick slim slippery sloppy
slow sluggish small smart smelly smooth snug soft soggy solid sore soulless sour special
spectacular speedy spicy splendid spotless stale steady stiff sticky strange striking strong
stunning stupid sturdy stylish sublime subtle superb superior sweet swift talented tangled
tasteless tasty tedious tender tense tepid terrible terrific thick thin thoughtful thoughtless
thrilling tidy tight tinny tiny tired tiresome top torn tough toxic tragic tremendous tricky
trite trivial trustworthy ugly unacceptable unbearable unbelievable uncomfortable unclear
undercooked uneven unfair unforgettable unfriendly unhappy unhelpful unimpressive uninspired
unique unpleasant unprofessional unreliable unsafe unusable unwatchable useful useless usual
vague valuable vibrant vile vivid wacky warm wasteful watery weak weird welcoming wet whole wide
wild wise witty wobbly wonderful wooden worn worse worst worth worthless worthwhile worthy
wretched wrong young yummy
"""

ADJECTIVES = frozenset(TEXT.split())
"""Compared without case."""
