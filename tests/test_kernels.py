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
    assert np.ptp(energy) < 0.005 * energy.mean() and np.ptp(simple) > 1.9 * energy.mean()


def test_what_is_subtracted_falls_off_as_the_envelope_does():
    """Divided by the bell, the even filter is a cosine and a constant, and the odd one a sine of the same size."""
    even, odd = kernels.quadrature(7, 0)
    at = np.arange(7) - 3
    bell = np.exp(-(at**2 + at[:, None] ** 2) / (2 * 1.4**2))
    wave = np.broadcast_to(2 * np.pi * at / 2.8, (7, 7)).ravel()
    found, rest, *_ = np.linalg.lstsq(np.stack([np.cos(wave), np.ones(49)], 1), (even / bell).ravel(), rcond=None)
    assert rest < 1e-20
    np.testing.assert_allclose((odd / bell).ravel(), found[0] * np.sin(wave), atol=1e-12)
