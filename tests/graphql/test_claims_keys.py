"""Keys of the claims department that follow each other, of one algorithm or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from backend.claim_envelope import ClaimsKeyAlgorithm, seal_file
from backend.ids import encode_id
from backend.services.claim_opening import open_claims
from backend.services.claims_keys import add_key, tend_claims_keys
from backend.settings import Settings
from tests.claiming import Sealing, binding, claimant, photo_pdf, worker_of

if TYPE_CHECKING:
    from backend.house import House
    from tests.portal import Portal


def _making_hybrid_keys(portal: Portal) -> House:
    settings = Settings(data_dir=portal.house.settings.data_dir, claims_hpke="hybrid")
    return replace(worker_of(portal), settings=settings)


async def test_M5_a_hybrid_key_follows_and_claims_under_the_one_before_stay_openable(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    before, waiting = await pia.send(await pia.seal()), await pia.seal()
    await pia.submit(before)
    worker = worker_of(portal)
    hybrid_worker = _making_hybrid_keys(portal)
    # The setting alone changes nothing; the next key is made after it.
    assert await tend_claims_keys(hybrid_worker) == 0
    assert (await pia.seal()).algorithm is ClaimsKeyAlgorithm.X25519
    key = await add_key(hybrid_worker)
    after = await pia.seal()
    assert (after.algorithm, after.key) == (
        ClaimsKeyAlgorithm.MLKEM768_X25519,
        encode_id("ClaimsKey", key.id),
    )
    for sealing in (waiting, after):
        assert (await pia.submit(await pia.send(sealing)))["__typename"] == "Claim"
    # The setting is back: a hybrid key that is there goes on as it is.
    await open_claims(worker)
    assert [one["status"] for one in await pia.claims()] == ["HANDED_OVER"] * 3


async def test_M5_a_seal_to_a_hybrid_key_by_the_older_algorithm_is_refused(portal: Portal) -> None:
    pia = await claimant(portal)
    key = await add_key(_making_hybrid_keys(portal))
    classic_half = key.public_key[-32:]
    weak = Sealing(pia.contract, encode_id("ClaimsKey", key.id), b"")
    weak.sealed = seal_file(photo_pdf(), public_key=classic_half, binding=binding(weak))
    await pia.submit(await pia.send(weak))
    await open_claims(worker_of(portal))
    [claim] = await pia.claims()
    assert (claim["status"], claim["refusal"]) == ("FILE_REFUSED", "DAMAGED")
    assert list(portal.house.settings.claims_out.glob("*")) == []
