"""What accuracy costs: image size x filters x latent size of the convolutional autoencoder."""
