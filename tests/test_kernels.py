"""The quadrature pair: what makes an energy model of it."""

import numpy as np

from cnnlib import kernels


def test_sums_scale_and_symmetry():
    for size, angle in ((11, 0), (11, 45), (15, 120), (31, 90)):
        even, odd = kernels.quadrature(size, angle)
        np.testing.assert_allclose([even.sum(), odd.sum(), np.abs(even).sum()], [0, 0, 2], atol=1e-12)
        np.testing.assert_allclose(even, even[::-1, ::-1], atol=1e-12)
        np.testing.assert_allclose(odd, -odd[::-1, ::-1], atol=1e-12)


def test_the_odd_one_answers_to_brightness_rising_along_the_angle():
    ramp = np.arange(11.0) - 5
    assert (kernels.quadrature(11, 0)[1] * ramp).sum() > 0 and (kernels.quadrature(11, 90)[1] * ramp[:, None]).sum() > 0
    assert abs((kernels.quadrature(11, 0)[1] * ramp[:, None]).sum()) < 1e-12


def test_energy_of_a_wave_does_not_depend_on_its_phase_and_one_answer_does():
    even, odd = kernels.quadrature(31, 30)
    at = np.arange(31) - 15
    along = at * np.cos(np.pi / 6) + at[:, None] * np.sin(np.pi / 6)
    waves = [np.cos(2 * np.pi * along / 12.4 + phase) for phase in np.linspace(0, 2 * np.pi, 24, endpoint=False)]
    simple = np.array([(even * wave).sum() for wave in waves])
    energy = np.array([np.hypot((even * wave).sum(), (odd * wave).sum()) for wave in waves])
    assert np.ptp(energy) < 0.02 * energy.mean() and np.ptp(simple) > 1.9 * energy.mean()
