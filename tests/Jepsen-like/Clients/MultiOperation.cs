namespace Coord.JepsenLike.Clients;

/// <summary>One operation of a multi: a check, or a setData.</summary>
internal sealed record MultiOperation(int Type, string Path, byte[] Data, int Version)
{
    public static MultiOperation Check(string path, int version) => new(Wire.Check, path, [], version);

    public static MultiOperation Set(string path, byte[] data, int version) => new(Wire.SetData, path, data, version);
}

/// <summary>What came of a multi.</summary>
/// <param name="Error">0 when all of it was done; else the code of the one that could not be, and nothing was.</param>
/// <param name="Refused">Which operation that was, counted from 0; -1 when all was done.</param>
internal readonly record struct MultiOutcome(int Error, int Refused);
