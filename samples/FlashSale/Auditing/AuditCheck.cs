namespace FlashSale.Auditing;

/// <summary>One question of the audit, and its answer.</summary>
/// <param name="Claim">What must hold.</param>
/// <param name="Evidence">Figures that show it.</param>
/// <param name="Faults">Each case that contradicts it; none when it holds.</param>
internal sealed record AuditCheck(string Claim, string Evidence, IReadOnlyList<string> Faults)
{
    public bool Holds => Faults.Count == 0;
}
