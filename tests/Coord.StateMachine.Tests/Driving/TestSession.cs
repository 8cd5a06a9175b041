namespace Coord.StateMachine.Tests;

/// <summary>A session as its connection knows it.</summary>
internal sealed record TestSession(long Id, long Attachment, byte[] PasswordHash)
{
    /// <summary>What its connection has shown.</summary>
    public IReadOnlyList<(string Scheme, string Id)> Identities { get; init; } = [];

    public byte[] EncodedIdentities
    {
        get
        {
            var wire = new Wire().Int(Identities.Count);
            foreach (var (scheme, id) in Identities)
                wire.Text(scheme).Text(id);
            return wire.ToArray();
        }
    }

    public TestSession As(params (string Scheme, string Id)[] identities) => this with { Identities = identities };
}
