namespace Coord.Node.Admin.Words;

/// <summary>A number that is written with one to four places.</summary>
internal readonly record struct PlacesNumber(double Value)
{
    public override string ToString() => ServerText.Decimal(Value);
}
