using Coord.Fuzz.Bytes;

namespace Coord.Fuzz.Targets;

/// <summary>A decoder under test.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>What one case may allocate, the making of its bytes included.</summary>
    long AllocationMax { get; }

    /// <summary>Makes valid bytes for this case and those around it; not counted.</summary>
    void Prepare(ulong seed);

    /// <summary>Mutates, decodes, and throws where the decoder did wrong.</summary>
    void Run(CaseRandom random);

    /// <summary>What came of all cases so far: that mutated bytes get past the first check, too.</summary>
    string Describe();
}
