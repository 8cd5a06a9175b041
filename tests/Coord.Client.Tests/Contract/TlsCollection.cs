namespace Coord.Client.Tests;

/// <summary>Tests against real servers with certificates, after all others: they need the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TlsCollection
{
    public const string Name = "Servers with certificates";
}
