namespace Coord.Interop.Wire;

/// <summary>What a server answers to a handshake; a timeout of 0 is a refusal.</summary>
internal sealed record RawSession(int TimeoutMs, long Id, byte[] Password, int AnswerBytes)
{
    public bool IsRefused => TimeoutMs == 0 && Id == 0 && Password.All(b => b == 0);
}
