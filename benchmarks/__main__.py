import sys

from .bench_operations import main

sys.exit(main())
