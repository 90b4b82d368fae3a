"""The words of the authored English-French grammar: one entry a line."""

VOWELS = "aeiouhéèêâîôûœ"

# English, French masculine, feminine, masculine before a vowel where it differs
ADJECTIVES = """
heavy lourd lourde -
black noir noire -
strange étrange étrange -
happy heureux heureuse -
American américain américaine -
young jeune jeune -
red rouge rouge -
bad mauvais mauvaise -
new nouveau nouvelle nouvel
French français française -
white blanc blanche -
interesting intéressant intéressante -
pretty joli jolie -
empty vide vide -
yellow jaune jaune -
round rond ronde -
beautiful beau belle bel
clean propre propre -
good bon bonne -
small petit petite -
expensive cher chère -
quiet tranquille tranquille -
famous célèbre célèbre -
big grand grande -
old vieux vieille vieil
gray gris grise -
wet mouillé mouillée -
green vert verte -
important important importante -
blue bleu bleue -
English anglais anglaise -
long long longue -
excellent excellent excellente -
dangerous dangereux dangereuse -
broken cassé cassée -
open ouvert ouverte -
intelligent intelligent intelligente -
rich riche riche -
poor pauvre pauvre -
tall grand grande -
"""

BEFORE = {
    "young",
    "bad",
    "new",
    "pretty",
    "beautiful",
    "good",
    "small",
    "big",
    "old",
    "long",
    "excellent",
    "tall",
}

PLACES = {
    "person": {
        "happy",
        "American",
        "young",
        "bad",
        "new",
        "French",
        "good",
        "famous",
        "important",
        "English",
        "excellent",
        "dangerous",
        "intelligent",
        "rich",
        "poor",
        "old",
        "strange",
    },
}

NOUNS = """
house maison f
car voiture f
table table f
door porte f
window fenêtre f
dress robe f
shirt chemise f
flower fleur f
apple pomme f
city ville f
street rue f
box boîte f
chair chaise f
river rivière f
mountain montagne f
island île f
shoe chaussure f
key clé f
girl fille f
woman femme f
room chambre f
kitchen cuisine f
bottle bouteille f
picture image f
letter lettre f
song chanson f
story histoire f
idea idée f
question question f
school école f
church église f
road route f
plate assiette f
spoon cuillère f
lamp lampe f
clock horloge f
skirt jupe f
jacket veste f
cow vache f
bag sac m
dog chien m
cat chat m
hat chapeau m
book livre m
garden jardin m
tree arbre m
bird oiseau m
boat bateau m
bed lit m
coat manteau m
pencil crayon m
train train m
village village m
horse cheval m
cake gâteau m
wall mur m
boy garçon m
man homme m
country pays m
restaurant restaurant m
hotel hôtel m
bridge pont m
knife couteau m
glass verre m
phone téléphone m
computer ordinateur m
umbrella parapluie m
newspaper journal m
animal animal m
office bureau m
"""

# English, French for men, French for women
PERSONS = """
student étudiant étudiante
friend ami amie
singer chanteur chanteuse
nurse infirmier infirmière
neighbor voisin voisine
cousin cousin cousine
dancer danseur danseuse
lawyer avocat avocate
driver conducteur conductrice
musician musicien musicienne
artist artiste artiste
journalist journaliste journaliste
cook cuisinier cuisinière
worker ouvrier ouvrière
director directeur directrice
player joueur joueuse
swimmer nageur nageuse
teacher professeur professeure
writer écrivain écrivaine
pupil élève élève
baker boulanger boulangère
client client cliente
patient patient patiente
president président présidente
secretary secrétaire secrétaire
actor acteur actrice
liar menteur menteuse
child enfant enfant
"""

# English singular and plural, French singular and plural
TRANSITIVE = """
is_behind are_behind est_derrière sont_derrière
is_under are_under est_sous sont_sous
is_on are_on est_sur sont_sur
is_in_front_of are_in_front_of est_devant sont_devant
is_in are_in est_dans sont_dans
is_with are_with est_avec sont_avec
"""
