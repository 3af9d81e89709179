"""Words that the lists of leaked passwords are full of; a password must have more in it than these."""

_WORDS = """
abc access account admin administrator amanda america andrea andrew angel anthony apple ashley asdf august
autumn azerty babygirl bailey baseball basketball batman beautiful blink buster butterfly butthead carlos
changeme charlie cheese chelsea chocolate computer cookie corvette cowboy daniel december default demo
diamond dolphin donald dragon eagles edward elizabeth eminem everton family february ferrari flower football
forever freedom friday friends fuckyou gandalf george ginger google guest guitar hammer hannah harley
heather heddle hello hockey hunter iloveyou internet ipod jackson january jasmine jennifer jessica jesus
johnny jordan joseph joshua july june junior justin killer king klaster knight lauren letmein liverpool
login london loom loveme lovely lover love maggie manager march marina martin master matrix matthew maverick
mercedes merlin michael michelle midnight monday monica monkey monster morgan mother mustang naruto nicole
november october office orange password passwort passw pass patrick peanut pepper phoenix player please
pokemon princess private purple pussy qazwsx qwer qwert qwerty qwertz rachel rainbow ranger raiders rangers
rebecca richard robert root samantha samsung saturday scooter secret security september server shadow silver
slayer soccer sophie spider spring starwars starter steelers stella student summer sunday sunshine
superman super sweety system taylor temp tennis test thomas thunder thursday tigger trustno tuesday user
vanessa victoria wednesday welcome whatever william willow winner winter wizard yamaha yankees yellow zaq
zxcvbn zxcvbnm
"""

# The longest first, so that `password` goes before `pass`.
COMMON = tuple(sorted(_WORDS.split(), key=lambda word: (-len(word), word)))
