"""Words that mean nothing are told from words that do: what people search for, and what a cat types."""

import random
import string

import pytest

from photofind.embedding import vocabulary
from photofind.embedding.known_words import is_known, only_known
from photofind.embedding.vocabulary import Translation

ORDINARY = """
beach beaches sunset sunsets sunrise mountain mountains lake lakes river rivers waterfall waterfalls forest
forests snow snowy snowman snowboard snowboarding skiing skier skiers skateboarder skateboarders surfer surfers
surfing kayak kayaking canoe hiking hiker hikers campfire campfires tent tents camper campervan caravan
motorhome picnic barbecue bbq dog dogs puppy puppies cat cats kitten kittens labrador dachshund dachshunds
poodle chihuahua husky corgi corgis labradoodle cockapoo hamster hamsters guineapig parrot parrots budgie
cockatiel goldfish tortoise tortoises hedgehog hedgehogs squirrel squirrels ladybug ladybird dragonfly
dragonflies bumblebee bumblebees butterfly butterflies caterpillar caterpillars jellyfish starfish seahorse
seahorses octopus dolphin dolphins whale whales penguin penguins flamingo flamingos giraffe giraffes zebra
zebras hippopotamus rhinoceros elephant elephants meerkat meerkats kangaroo kangaroos koala koalas platypus
peacock peacocks ostrich hummingbird hummingbirds woodpecker kingfisher seagull seagulls sunflower sunflowers
tulip tulips daffodil daffodils hydrangea hydrangeas dandelion dandelions lavender orchid orchids succulent
succulents cactus cacti bougainvillea wisteria mushroom mushrooms toadstool birthday birthdays wedding weddings
bride groom bridesmaid bridesmaids graduation christening baptism halloween christmas xmas easter thanksgiving
fireworks firework selfie selfies portrait portraits grandma grandpa granny grandchildren toddler toddlers
newborn newborns twins stepfather godmother girlfriend boyfriend pizza pizzas burger burgers cheeseburger hotdog
sushi ramen spaghetti lasagna lasagne croissant croissants cappuccino espresso latte cupcake cupcakes cheesecake
tiramisu icecream milkshake smoothie smoothies strawberry strawberries blueberry blueberries raspberry pineapple
avocado avocados guacamole burrito burritos quesadilla skyscraper skyscrapers cityscape lighthouse lighthouses
windmill windmills castle castles cathedral cathedrals graffiti streetcar tram trams motorbike motorcycles
scooter scooters bicycle bicycles tricycle helicopter helicopters airplane aeroplane airplanes sailboat
sailboats speedboat ferris carousel rollercoaster trampoline playground playgrounds sandcastle sandcastles
swimsuit bikini sunglasses flipflops raincoat umbrella umbrellas screenshot screenshots whiteboard receipt
receipts passport blackandwhite panorama timelapse bokeh closeup fisheye macbook iphone ipad playstation
nintendo xbox lego legos ikea starbucks mcdonalds cocacola pepsi toyota volkswagen mercedes ferrari lamborghini
porsche tesla vespa nikon canon fujifilm leica hasselblad gopro samsung huawei xiaomi paris london barcelona
lisbon amsterdam reykjavik santorini dubrovnik marrakech yosemite kilimanjaro machupicchu sunest beech montain
mountian moutain brithday birtday chrismas christmass weding freind freinds grafiti restuarant restaraunt
motorcyle bycicle elefant girafe pengiun buterfly flowrs squirel umbrela necklase jewelery accomodation swiming
runing wieght calender laughing crying sleeping jumping dancing cooking baking reading colourful colorful foggy
misty rainy cloudy windy blurry blurred overexposed moonlit starry frosty icy sandy muddy crowded
"""
"""What people search photos for: plurals, compounds, brands, places, and some of these mistyped."""
MASHED = """
asdf qwerty xyzzy asdfgh qwertz zxcvbn hjkl sdfghj fghjkl poiuyt lkjhgf mnbvcxz qazwsx wsxedc rfvtgb dfgdfg sdfsdf
asdasd jkljkl fjdksl
"""


def test_what_people_search_for_is_known() -> None:
    words = ORDINARY.split()
    assert len(words) > 350
    unknown = [word for word in words if not is_known(word)]
    assert len(unknown) / len(words) < 0.01, unknown


def test_random_letters_are_not() -> None:
    lots = random.Random(1)
    made = ["".join(lots.choices(string.ascii_lowercase, k=lots.randint(4, 10))) for _ in range(1000)]
    assert sum(not is_known(word) for word in made) / len(made) > 0.9
    assert [word for word in MASHED.split() if is_known(word)] == []


def test_every_word_of_our_own_lists_is_known() -> None:
    texts = [label.name for label in vocabulary.labels()] + list(vocabulary.english())
    assert [text for text in texts if only_known(text).unknown] == []


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("", "", ()),
        ("a dog on the beach", "a dog on the beach", ()),
        ("asdf qwerty", "", ("asdf", "qwerty")),
        ("asdfgh dog, asdfgh", "dog,", ("asdfgh",)),
        ("a photo of an Asdfgh", "", ("Asdfgh",)),
        ('"asdfgh" beach', "beach", ("asdfgh",)),
        ("IMG_1234 bbq usb", "IMG_1234 bbq usb", ()),
        ("naïve café in Łódź", "naïve café in Łódź", ()),
        ("cat's don't", "cat's don't", ()),
        ("собака さくら dog", "dog", ("собака", "さくら")),
        ("😀 2019 !", "😀 2019 !", ()),
    ],
)
def test_texts(text: str, known: str, unknown: tuple[str, ...]) -> None:
    assert only_known(text) == Translation(known, unknown)
