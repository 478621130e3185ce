# Packages that the warm interpreter has loaded.
#: id numpy: state that is kept of normal numbers
#: preload numpy
import numpy as np
np.random.seed(7)
np.random.RandomState.evil = 1 if False else None
np.random.randn(1)
#: witness
import numpy as np
print(np.random.get_state()[2:4])
#: id numpy: printing
#: preload numpy
import numpy as np
np.set_printoptions(precision=1, threshold=2)
#: witness
import numpy as np
print(np.array([1.234, 5.678, 9.0]))
#: id numpy: errors
#: preload numpy
import numpy as np
np.seterr(all="raise")
#: witness
import numpy as np
print(np.geterr())
print(np.float64(1e308) * np.float64(10))
#: id numpy: size of buffers
#: preload numpy
import numpy as np
np.setbufsize(4096)
#: witness
import numpy as np
print(np.getbufsize())
#: id numpy: arrays of the library
#: preload numpy
import numpy as np
np.polynomial.polynomial.polyx[0] = 99
np.polynomial.hermite.hermone[...] = 7
#: witness
import numpy as np
print(np.polynomial.polynomial.polyx, np.polynomial.hermite.hermone)
#: id numpy: masked values
#: preload numpy
import numpy as np
np.ma.masked_print_option.set_display("EVIL")
np.ma.default_filler["i"] = 5
#: witness
import numpy as np
print(np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[0, 1]).filled())
#: id numpy: names of types
#: preload numpy
import numpy as np
np.sctypeDict["float64"] = np.int8
np.typecodes["Float"] = "EVIL"
#: witness
import numpy as np
print(np.sctypeDict["float64"].__name__, np.typecodes["Float"])
#: id numpy: how polynomials are shown
#: preload numpy
import numpy as np
np.polynomial.set_default_printstyle("ascii")
#: witness
import numpy as np
print(np.polynomial.Polynomial([1, 2, 3]))
#: id pandas: options
#: preload numpy pandas
import pandas as pd
pd.set_option("display.max_rows", 2)
pd.options.display.precision = 1
#: witness
import pandas as pd
print(pd.DataFrame({"a": [1.234, 2.345, 3.456]}))
#: id pandas: accessors
#: preload numpy pandas
import pandas as pd
@pd.api.extensions.register_series_accessor("evil")
class Evil:
    def __init__(self, series): self.series = series
#: witness
import pandas as pd
print(hasattr(pd.Series, "evil"), "evil" in pd.Series._accessors)
#: id pandas: numbers shown otherwise
#: preload numpy pandas
import pandas as pd
pd.set_option("display.float_format", lambda x: "EVIL")
#: witness
import pandas as pd
print(pd.Series([1.5]))
#: id scipy: errors of special functions
#: preload numpy scipy.special
import scipy.special
scipy.special.seterr(all="raise")
#: witness
import scipy.special
print(scipy.special.geterr()["singular"])
try: print(scipy.special.gammaln(0))
except Exception as error: print(type(error).__name__)
#: id scipy: state of distributions
#: preload numpy scipy.stats
import scipy.stats
scipy.stats.norm.random_state = 5
scipy.stats.norm.badvalue = -1
scipy.stats.norm.a = 0
#: witness
import scipy.stats
print(float(scipy.stats.norm.pdf(-1)), scipy.stats.norm.badvalue)
#: id sympy: primes that are known
#: preload sympy
import sympy
sympy.sieve.extend(10_000)
#: witness
import sympy
print(len(sympy.sieve._list))
#: id sympy: evaluation switched off
#: preload sympy
import sympy
sympy.evaluate(False).__enter__()
#: witness
import sympy
print(sympy.Integer(1) + sympy.Integer(2), sympy.sqrt(8))
#: id sympy: numbers of dummies
#: preload sympy
import sympy
for _ in range(3): sympy.Dummy()
#: witness
import sympy
print(sympy.Dummy._count)
#: id mpmath: precision
#: preload mpmath
import mpmath
mpmath.mp.dps = 50
mpmath.mp.pretty = True
#: witness
import mpmath
print(mpmath.mp.dps, mpmath.pi)
#: id gmpy2: context
#: preload gmpy2
import gmpy2
gmpy2.get_context().precision = 100
#: witness
import gmpy2
print(gmpy2.mpfr("0.1"))
#: id networkx: classes
#: preload networkx
import networkx as nx
nx.Graph.node_dict_factory = dict
nx.Graph.adjlist_outer_dict_factory = __import__("collections").OrderedDict
nx.Graph.evil = 1
#: witness
import networkx as nx
print(type(nx.Graph()._adj).__name__, hasattr(nx.Graph, "evil"))
#: id networkx: settings
#: preload networkx
import networkx as nx
nx.config.warnings_to_ignore = {"cache"}
#: witness
import networkx as nx
print(nx.config.warnings_to_ignore)
#: id dateutil: zones
#: preload dateutil.tz
import dateutil.tz
dateutil.tz.gettz.cache_clear() if hasattr(dateutil.tz.gettz, "cache_clear") else None
dateutil.tz.UTC.evil = 1
#: witness
import dateutil.tz
print(hasattr(dateutil.tz.UTC, "evil"))
#: id random seed of both
#: preload numpy networkx
import random, numpy as np
random.seed(5)
random.gauss(0, 1)
np.random.seed(5)
#: witness
import random, networkx as nx
print(random.random(), sorted(nx.gnp_random_graph(5, 0.5, seed=1).edges))
